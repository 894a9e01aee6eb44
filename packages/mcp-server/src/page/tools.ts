/** Calls the server's tools through the host. */
import { find } from './elements.ts';
import { request } from './host.ts';
import type { Offer } from './offer.ts';

export const offer: Offer = JSON.parse(find('#offer').textContent);

export const has = (tool: string): boolean => offer.tools.includes(tool);

/** Fields of results that more than one part of the page reads. */
export interface Value {
  [field: string]: unknown;
  job?: string;
  partial?: boolean;
  state?: 'running' | 'done' | 'cancelled';
  status?: string;
}

/** Key in `_meta` of a result: the question to the person, and the value of `confirm` to send. */
const CONFIRM = 'io.github.ollama-toolbelt/confirm';

export interface Question extends Error {
  confirm: string;
}

interface Result {
  content?: { text?: string }[];
  structuredContent?: Value;
  isError?: boolean;
  _meta?: { [CONFIRM]?: { question: string; confirm: string } };
}

/** The value of a result. Throws on a failure, with the server's message, which says what to do. */
export function resultValue({ content = [], structuredContent, isError, _meta }: Result): Value {
  if (structuredContent && !isError) return structuredContent;
  const { question, confirm } = _meta?.[CONFIRM] ?? {};
  throw Object.assign(new Error(question ?? content.map(({ text }) => text).join('\n')), { confirm });
}

type Update = (value: Value) => void;

const listeners = new Map<unknown, Update>();

/** Handles progress of a call, if the host passes it on. */
export const onProgress = ({ progressToken, progress, total, message }: Record<string, unknown>): void =>
  listeners.get(progressToken)?.({ status: message as string, completed: progress, total });

export async function call(tool: string, args: object = {}, update?: Update, signal?: AbortSignal): Promise<Value> {
  // Not a number: hosts number their own requests, and some pass this token on unchanged.
  const progressToken = `ollama-toolbelt-${Math.random()}`;
  if (update) listeners.set(progressToken, update);
  const params = { name: `ollama_${tool}`, arguments: args, ...(update && { _meta: { progressToken } }) };
  try {
    return resultValue(await request('tools/call', params, signal));
  } finally {
    listeners.delete(progressToken);
  }
}

/** Hosts end calls after a minute or less, and not all pass progress on, so the page polls instead. */
const STEP_MS = 1000;

/**
 * Makes a long call. If the server keeps jobs, it soon returns one. The page polls it, and cancels it by id, because
 * not all hosts pass cancellations on. Otherwise this is a single call.
 *
 * @throws the reason of the signal.
 */
export async function follow(
  tool: string,
  args: object,
  update: Update = () => {},
  signal?: AbortSignal,
): Promise<Value> {
  const step = has('job') && { _wait_ms: STEP_MS };
  let value: Value = {};
  const job = (action: string) => call('job', { job: value.job, action, ...step }, update);
  signal?.addEventListener('abort', () => value.job && job('cancel').catch(() => {}));
  value = await call(tool, { ...args, ...step }, update, step ? undefined : signal);
  while (step && value.job && value.partial && value.state !== 'cancelled') {
    update(value);
    value = await job(signal?.aborted ? 'cancel' : 'wait');
  }
  signal?.throwIfAborted();
  return value;
}
