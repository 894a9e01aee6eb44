import type { AnswerScript } from '../../src/index.ts';
import type { JsonObject } from '../../src/wire/json.ts';
import { linesOf, type Recording } from './recording.ts';

/** A script that makes the engine say what the recorded model said; undefined if no model said anything. */
export function scriptedAnswer(recording: Recording): AnswerScript | undefined {
  const { request, response } = recording;
  if (!/^\/api\/(chat|generate)$/.test(request.path) || response.status !== 200) return undefined;
  const lines = linesOf(recording);
  const last = lines.at(-1);
  if (last === undefined || last['eval_count'] === undefined) return undefined;
  const of = (key: 'thinking' | 'tool_calls') => lines.map((line) => line.message?.[key] ?? line[key]);
  const text = lines.map(({ message, response }) => message?.content ?? response ?? '');
  return {
    thinking: of('thinking').filter((piece) => typeof piece === 'string'),
    text: text.filter((piece) => piece !== ''),
    toolCalls: (of('tool_calls').flat() as { id: string; function: { name: string; arguments: JsonObject } }[])
      .filter(Boolean)
      .map(({ id, function: call }) => ({ id, name: call.name, arguments: call.arguments })),
    logprobs: lines.map((line) => (line['logprobs'] ?? []) as JsonObject[]),
    doneReason: last['done_reason'] as string,
    counts: { prompt: last['prompt_eval_count'] as number, answer: last['eval_count'] as number },
    ...(Array.isArray(last['context']) && { context: last['context'] as number[] }),
  };
}
