import type { ToolCall } from './bodies.ts';
import type { JsonObject } from './json.ts';

/** The numbers of a finished answer; durations are nanoseconds, and a zero is omitted, as in the API. */
interface Metrics {
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

interface Finish {
  reason: string | undefined;
  metrics?: Metrics;
  context?: readonly number[];
}

/** Creates the lines of one response, in the key order of the server's types. */
export interface LineMaker {
  delta(delta: Delta): JsonObject;
  done(finish: Finish, delta?: Delta): JsonObject;
}

const clockOrigin = BigInt(Date.now()) * 1_000_000n - process.hrtime.bigint();

/** Now, in RFC 3339 with nanoseconds and without trailing zeros, as Go prints a time. */
export const timestamp = (): string => goTime(clockOrigin + process.hrtime.bigint());

/** A time with millisecond precision. */
export const timestampOf = (time: Date): string => goTime(BigInt(time.getTime()) * 1_000_000n);

function goTime(nanoseconds: bigint): string {
  const seconds = new Date(Number(nanoseconds / 1_000_000n)).toISOString().slice(0, 19);
  const fraction = String(nanoseconds % 1_000_000_000n)
    .padStart(9, '0')
    .replace(/0+$/, '');
  return `${seconds}${fraction === '' ? '' : `.${fraction}`}Z`;
}

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
    created_at: timestamp(),
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
    created_at: timestamp(),
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
