/** What an answer cost, in the counts that the server reported. */
export interface Usage extends Record<string, number> {}

interface Metrics {
  prompt_eval_count?: number | undefined;
  eval_count?: number | undefined;
  eval_duration?: number | undefined;
  load_duration?: number | undefined;
  total_duration?: number | undefined;
}

const toMs = (nanoseconds: number) => Math.round(nanoseconds / 1e6);

/** The server leaves out what is 0, and so does this. */
export function usageOf(metrics: Metrics): Usage {
  const { prompt_eval_count, eval_count, eval_duration, load_duration, total_duration } = metrics;
  return {
    ...(prompt_eval_count && { prompt_tokens: prompt_eval_count }),
    ...(eval_count && { answer_tokens: eval_count }),
    ...(eval_count && eval_duration && { tokens_per_second: Math.round(eval_count / (eval_duration / 1e10)) / 10 }),
    ...(load_duration && { load_ms: toMs(load_duration) }),
    ...(total_duration && { total_ms: toMs(total_duration) }),
  };
}

/** `12 prompt tokens, 34 answer tokens` */
export const usageText = (usage: Readonly<Record<string, number>>): string =>
  Object.entries(usage)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
