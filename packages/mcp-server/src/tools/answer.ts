/** What chat and generate answer with, and how it is gathered from the stream. */
import { type ChatResponse, type Chunk as ChunkOf, type GenerateResponse, OllamaError } from '@ollama-toolbelt/core';
import * as z from 'zod';
import type { Progress } from '../progress.ts';
import { type Usage, usageOf, usageText } from './usage.ts';

/** Spelled out, since hosts want to know what a value is. */
const AnyJson = z.union([
  z.record(z.string(), z.unknown()),
  z.array(z.unknown()),
  z.string(),
  z.number(),
  z.boolean(),
  z.null(),
]);
type AnyJson = z.infer<typeof AnyJson>;

export const Answer = z.object({
  model: z.string(),
  text: z.string(),
  parsed: AnyJson.optional().describe('The value, where a format was given'),
  thinking: z.string().optional(),
  tool_calls: z.array(z.record(z.string(), z.unknown())).optional(),
  done_reason: z.string().optional(),
  partial: z.boolean().optional().describe('true: the answer stopped at its length'),
  notices: z.array(z.object({ code: z.string(), message: z.string() })).optional(),
  usage: z.record(z.string(), z.number()),
});
export interface Answer extends z.input<typeof Answer> {
  usage: Usage;
}

type Chunk = ChunkOf<ChatResponse> | ChunkOf<GenerateResponse>;

const saidIn = (chunk: Chunk) =>
  'message' in chunk && chunk.message !== undefined
    ? { ...(chunk as ChatResponse).message, text: (chunk as ChatResponse).message.content }
    : { ...(chunk as GenerateResponse), text: (chunk as GenerateResponse).response };

/**
 * Gathers a streamed answer and tells its progress. The stream throws unless the answer is complete.
 *
 * @throws OllamaError `bad_output` where the answer is not in the format that was asked for.
 */
export async function readAnswer(
  chunks: AsyncIterable<Chunk>,
  request: { model: string; format?: unknown },
  progress: Progress,
): Promise<Answer> {
  let text = '';
  let thinking = '';
  let tokens = 0;
  let last: Chunk | undefined;
  const calls: Record<string, unknown>[] = [];
  progress.report(0, `waiting for the first token of ${request.model}`);
  for await (const chunk of chunks) {
    last = chunk;
    const said = saidIn(chunk);
    text += said.text ?? '';
    thinking += said.thinking ?? '';
    if (said.tool_calls) calls.push(...said.tool_calls);
    // The server writes one line for each token, and a last one with the counts.
    if (!chunk.done) tokens++;
    const count = tokens === 1 ? '1 token' : `${tokens} tokens`;
    progress.report(tokens, text === '' && thinking !== '' ? `thinking, ${count}` : count, {
      text: said.text ?? '',
    });
  }
  // A stream without a last chunk has thrown.
  const { model = request.model, done_reason, notices = [] } = last ?? {};
  const parsed = request.format !== undefined && text !== '' ? { parsed: parseJson(text, model, last) } : {};
  return {
    model,
    text,
    ...parsed,
    ...(thinking !== '' && { thinking }),
    ...(calls.length > 0 && { tool_calls: calls }),
    ...(done_reason !== undefined && { done_reason }),
    ...(done_reason === 'length' && { partial: true }),
    ...(notices.length > 0 && { notices }),
    usage: usageOf(last ?? {}),
  };
}

function parseJson(text: string, model: string, last: Chunk | undefined): AnyJson {
  try {
    return JSON.parse(text);
  } catch {
    const cut = last?.done_reason === 'length';
    throw new OllamaError(
      cut
        ? `The answer of ${model} stopped at its length, before its JSON was complete.`
        : `The answer of ${model} is no JSON, although format asks for it.`,
      {
        code: 'bad_output',
        hint: cut
          ? 'Raise options.num_predict or options.num_ctx, or ask for less.'
          : 'Try a simpler schema or another model.',
        model,
        partial: { response: text },
      },
    );
  }
}

/** The answer as it is, and everything about it in a second block. */
export function answerText({ text, usage, ...rest }: z.input<typeof Answer>): string[] {
  const { parsed: _, model, done_reason, partial, notices = [], ...said } = rest;
  const facts = [model, done_reason, partial && 'incomplete', usageText(usage)].filter(Boolean).join(', ');
  const more = Object.keys(said).length > 0 ? `\n${JSON.stringify(said)}` : '';
  const told = notices.map(({ message }) => `\nNotice: ${message}`).join('');
  return [...(text === '' ? [] : [text]), `[${facts}]${more}${told}`];
}
