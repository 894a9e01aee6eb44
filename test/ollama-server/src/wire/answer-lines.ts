import type { ToolCall } from './bodies.ts';
import type { JsonObject } from './json.ts';

/** The numbers of a finished answer; durations are nanoseconds, and a zero is left out, as on the wire. */
export interface Metrics {
  total_duration?: number;
  load_duration?: number;
  prompt_eval_count?: number;
  prompt_eval_duration?: number;
  eval_count?: number;
  eval_duration?: number;
}

export interface Delta {
  text?: string;
  thinking?: string;
  toolCalls?: readonly ToolCall[];
  logprobs?: readonly unknown[];
}

export interface Finish {
  reason: string | undefined;
  metrics?: Metrics;
  context?: readonly number[];
}

/** Makes the lines of one answer, in the key order of the server's types. */
export interface LineMaker {
  delta(delta: Delta): JsonObject;
  done(finish: Finish, delta?: Delta): JsonObject;
}

const now = () => {
  const nanoseconds = process.hrtime.bigint() % 1_000_000n;
  const fraction = `${new Date().toISOString().slice(20, 23)}${String(nanoseconds).padStart(6, '0')}`.replace(
    /0+$/,
    '',
  );
  return `${new Date().toISOString().slice(0, 19)}${fraction === '' ? '' : `.${fraction}`}Z`;
};
export const timestamp = now;

const metricKeys = [
  'total_duration',
  'load_duration',
  'prompt_eval_count',
  'prompt_eval_duration',
  'eval_count',
  'eval_duration',
] as const;
const metricsOf = (metrics: Metrics = {}): JsonObject =>
  Object.fromEntries(metricKeys.filter((key) => metrics[key]).map((key) => [key, metrics[key]]));
const some = <T>(list: readonly T[] | undefined) => list !== undefined && list.length > 0;

export function chatLines(model: string): LineMaker {
  const line = (delta: Delta, finish?: Finish): JsonObject => ({
    model,
    created_at: now(),
    message: {
      role: 'assistant',
      content: delta.text ?? '',
      ...(delta.thinking && { thinking: delta.thinking }),
      ...(some(delta.toolCalls) && { tool_calls: delta.toolCalls }),
    },
    done: finish !== undefined,
    ...(finish?.reason && { done_reason: finish.reason }),
    ...metricsOf(finish?.metrics),
    ...(some(delta.logprobs) && { logprobs: delta.logprobs }),
  });
  return { delta: (delta) => line(delta), done: (finish, delta = {}) => line(delta, finish) };
}

export function generateLines(model: string): LineMaker {
  const line = (delta: Delta, finish?: Finish): JsonObject => ({
    model,
    created_at: now(),
    response: delta.text ?? '',
    ...(delta.thinking && { thinking: delta.thinking }),
    done: finish !== undefined,
    ...(finish?.reason && { done_reason: finish.reason }),
    ...(some(finish?.context) && { context: finish?.context }),
    ...(some(delta.toolCalls) && { tool_calls: delta.toolCalls }),
    ...metricsOf(finish?.metrics),
    ...(some(delta.logprobs) && { logprobs: delta.logprobs }),
  });
  return { delta: (delta) => line(delta), done: (finish, delta = {}) => line(delta, finish) };
}
