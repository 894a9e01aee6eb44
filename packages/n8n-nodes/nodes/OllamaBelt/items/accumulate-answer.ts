import type { ChatResponse, Chunk, GenerateResponse } from '@ollama-toolbelt/core';
import { type Said, saidIn } from './answer-item.ts';

type Line = Chunk<ChatResponse> | Chunk<GenerateResponse>;

const metrics = [
  'total_duration',
  'load_duration',
  'prompt_eval_count',
  'prompt_eval_duration',
  'eval_count',
  'eval_duration',
] as const;

/**
 * Puts the lines of an answer together, as the server itself does when it is not asked to stream. Where tools were run in
 * between, the answer is that of the last round, with the counts of all.
 */
export async function gather<L extends Line>(lines: AsyncIterable<L>, onText?: (text: string) => void): Promise<L> {
  let said: Said = { content: '' };
  let logprobs: NonNullable<Line['logprobs']> = [];
  const sums: Partial<Record<(typeof metrics)[number], number>> = {};
  let last: L | undefined;
  for await (const line of lines) {
    if (last && isEndOfRound(last)) [said, logprobs] = [{ content: '' }, []];
    last = line;
    const { content, thinking, tool_calls } = saidIn(line);
    if (content) onText?.(content);
    said.content += content ?? '';
    if (thinking) said.thinking = (said.thinking ?? '') + thinking;
    if (tool_calls?.length) said.tool_calls = [...(said.tool_calls ?? []), ...tool_calls];
    logprobs.push(...(line.logprobs ?? []));
    for (const name of metrics) {
      const count = line[name];
      if (count !== undefined) sums[name] = (sums[name] ?? 0) + count;
    }
  }
  // A stream without a last line has thrown.
  const whole = { ...(last as L), ...sums, ...(logprobs.length > 0 && { logprobs }) };
  if ('message' in whole) return { ...whole, message: { ...(whole.message as object), ...said } };
  const { content: response, ...rest } = said;
  return { ...whole, response, ...rest };
}

/** Only there the counts are. */
const isEndOfRound = ({ done, done_reason: reason }: Line) => done || reason !== undefined;
