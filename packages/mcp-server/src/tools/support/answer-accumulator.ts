import { type ChatResponse, type Chunk as ChunkOf, type GenerateResponse, OllamaError } from '@ollama-toolbelt/core';
import { plainText } from '../plain-text.ts';
import type { Progress } from '../tool-context.ts';
import type { Answer, AnyJson } from './answer.ts';
import { usageOf } from './usage.ts';

export type Chunk = ChunkOf<ChatResponse> | ChunkOf<GenerateResponse>;

const saidIn = (chunk: Chunk) =>
  'message' in chunk && chunk.message !== undefined
    ? { ...(chunk as ChatResponse).message, text: (chunk as ChatResponse).message.content }
    : { ...(chunk as GenerateResponse), text: (chunk as GenerateResponse).response };

/** An answer as it grows. */
export class GatheredAnswer {
  readonly #request: { model: string; format?: unknown };
  readonly #progress: Progress;
  #text = '';
  #thinking = '';
  #tokens = 0;
  #last: Chunk | undefined;
  readonly #calls: Record<string, unknown>[] = [];

  constructor(request: { model: string; format?: unknown }, progress: Progress) {
    this.#request = request;
    this.#progress = progress;
  }

  get hasText(): boolean {
    return this.#text !== '';
  }

  /** What there is, whether that is all of it or not. */
  value(): Answer {
    const { model = this.#request.model, done_reason, notices = [] } = this.#last ?? {};
    return {
      model,
      text: this.#text,
      ...(this.#thinking !== '' && { thinking: this.#thinking }),
      ...(this.#calls.length > 0 && { tool_calls: this.#calls }),
      ...(done_reason !== undefined && { done_reason }),
      ...(done_reason === 'length' && { partial: true }),
      ...(notices.length > 0 && { notices }),
      usage: usageOf(this.#last ?? {}),
    };
  }

  /**
   * Reads a stream to its end and tells its progress. The stream throws unless the answer is complete.
   *
   * @throws OllamaError `bad_output` where the answer is not in the format that was asked for.
   */
  async read(chunks: AsyncIterable<Chunk>, notices: Answer['notices'] = []): Promise<Answer> {
    this.#progress.report(0, `waiting for the first token of ${this.#request.model}`);
    for await (const chunk of chunks) this.#add(chunk);
    const value = this.value();
    const all = [...notices, ...(value.notices ?? [])];
    return {
      ...value,
      ...(this.#request.format !== undefined && this.hasText && { parsed: this.#parsed(value.model) }),
      ...(all.length > 0 && { notices: all }),
    };
  }

  #add(chunk: Chunk): void {
    this.#last = chunk;
    const said = saidIn(chunk);
    this.#text += said.text ?? '';
    this.#thinking += said.thinking ?? '';
    if (said.tool_calls) this.#calls.push(...said.tool_calls);
    // The server writes one line for each token, and a last one with the counts.
    if (!chunk.done) this.#tokens++;
    const count = this.#tokens === 1 ? '1 token' : `${this.#tokens} tokens`;
    const isThinking = !this.hasText && this.#thinking !== '';
    this.#progress.report(this.#tokens, isThinking ? `thinking, ${count}` : count, {
      text: plainText(said.text ?? ''),
    });
  }

  #parsed(model: string): AnyJson {
    try {
      return JSON.parse(this.#text);
    } catch {
      throw badOutput(model, this.#text, this.#last?.done_reason === 'length');
    }
  }
}

function badOutput(model: string, text: string, isCut: boolean): OllamaError {
  return new OllamaError(
    isCut
      ? `The answer of ${model} stopped at its length, before its JSON was complete.`
      : `The answer of ${model} is no JSON, although format asks for it.`,
    {
      code: 'bad_output',
      hint: isCut
        ? 'Raise options.num_predict or options.num_ctx, or ask for less.'
        : 'Try a simpler schema or another model.',
      model,
      partial: { response: text },
    },
  );
}
