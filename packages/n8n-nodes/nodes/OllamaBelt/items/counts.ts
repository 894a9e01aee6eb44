import type { ChatResponse } from '@ollama-toolbelt/core/neutral';

const names = [
  'total_duration',
  'load_duration',
  'prompt_eval_count',
  'prompt_eval_duration',
  'eval_count',
  'eval_duration',
] as const;

/** The counts on the last line of an answer. */
export type Counts = Pick<Partial<ChatResponse>, (typeof names)[number]>;

/** Adds the counts of a line. If tools run, the last line of each round has counts. */
export function addCounts(total: Counts, line: Counts): void {
  for (const name of names) {
    const count = line[name];
    if (count !== undefined) total[name] = (total[name] ?? 0) + count;
  }
}
