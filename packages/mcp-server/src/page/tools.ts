/** Tools of the server, called through the host. */
import { find } from './elements.ts';
import { request } from './host.ts';
import type { Offer } from './offer.ts';

export const offer: Offer = JSON.parse(find('#offer').textContent);

export const has = (tool: string): boolean => offer.tools.includes(tool);

/** What the tools answer with, as far as more than one part of the page reads it. */
export interface Value {
  [field: string]: unknown;
  job?: string;
  partial?: boolean;
  state?: 'running' | 'done' | 'cancelled';
  status?: string;
}

/** In `_meta` of a result: what to ask the person before something is lost, and what `confirm` has to be then. */
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

/** The value in a result. A failure is thrown, in the words of the server, which say what to do. */
export function resultValue({ content = [], structuredContent, isError, _meta }: Result): Value {
  if (structuredContent && !isError) return structuredContent;
  const { question, confirm } = _meta?.[CONFIRM] ?? {};
  throw Object.assign(new Error(question ?? content.map(({ text }) => text).join('\n')), { confirm });
}

type Update = (value: Value) => void;

const listeners = new Map<unknown, Update>();

/** How far a call is, if the host passes it on. */
export const heardProgress = ({ progressToken, progress, total, message }: Record<string, unknown>): void =>
  listeners.get(progressToken)?.({ status: message as string, completed: progress, total });

export async function call(tool: string, args: object = {}, update?: Update, signal?: AbortSignal): Promise<Value> {
  // No number: hosts number their own requests, and some pass this one on as it is.
  const progressToken = `ollama-toolbelt-${Math.random()}`;
  if (update) listeners.set(progressToken, update);
  const params = { name: `ollama_${tool}`, arguments: args, ...(update && { _meta: { progressToken } }) };
  try {
    return resultValue(await request('tools/call', params, signal));
  } finally {
    listeners.delete(progressToken);
  }
}

/** Hosts cut calls after a minute or less, and not all pass progress on: the page asks again and again instead. */
const STEP_MS = 1000;

/**
 * A call that takes its time. Where the server keeps jobs, it answers soon with one, which is then waited for, and
 * cancelled by name: not all hosts pass a cancel on. Else the call is one.
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
