import type { Delta, LineMaker } from '../wire/answer-lines.ts';
import type { JsonObject } from '../wire/json.ts';
import { WireError } from '../wire/wire-error.ts';
import type { AnswerScript, ProgressScript } from './scripts.ts';
import { isPause, type Pause } from './steps.ts';

const asSteps = (text: AnswerScript['text']) => (text === undefined ? [] : typeof text === 'string' ? [text] : text);

/** The lines of one scripted response, with its pauses. */
export async function* answerLines(
  script: AnswerScript,
  maker: LineMaker,
  signal: AbortSignal,
): AsyncGenerator<JsonObject> {
  if (script.lines !== undefined) return yield* steps(script.lines, (line) => line, signal);
  let pieces = 0;
  const delta = (value: Delta) => {
    pieces++;
    return maker.delta(value);
  };
  yield* steps(asSteps(script.thinking), (thinking) => delta({ thinking }), signal);
  let index = 0;
  const withLogprobs = (text: string) => ({ text, logprobs: script.logprobs?.[index++] ?? [] });
  yield* steps(asSteps(script.text), (text) => delta(withLogprobs(text)), signal);
  for (const [position, { id, name, arguments: args }] of (script.toolCalls ?? []).entries()) {
    if (signal.aborted) return;
    const call = {
      id: id ?? `call_${String(position + 1).padStart(8, '0')}`,
      function: { index: position, name, arguments: args },
    };
    yield delta({ toolCalls: [call] });
  }
  if (signal.aborted) return;
  if (script.failure !== undefined) throw new WireError(500, script.failure);
  const { prompt = 12, answer = Math.max(pieces, 1) } = script.counts ?? {};
  yield maker.done({
    reason: script.doneReason === null ? undefined : (script.doneReason ?? 'stop'),
    ...(script.context !== undefined && { context: script.context }),
    metrics: {
      total_duration: 30_000_000,
      load_duration: 1_000_000,
      prompt_eval_count: prompt,
      prompt_eval_duration: 4_000_000,
      eval_count: answer,
      eval_duration: 20_000_000,
    },
  });
}

export const progressLines = (script: ProgressScript, signal: AbortSignal): AsyncGenerator<JsonObject> =>
  steps<string | JsonObject>(script, (step) => (typeof step === 'string' ? { status: step } : step), signal);

async function* steps<T>(
  list: readonly (T | Pause | WireError)[],
  line: (step: T) => JsonObject,
  signal: AbortSignal,
): AsyncGenerator<JsonObject> {
  for (const step of list) {
    if (signal.aborted) return;
    if (step instanceof WireError) throw step;
    if (isPause(step)) await step.pass(signal);
    else yield line(step);
  }
}
