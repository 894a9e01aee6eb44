import {
  type ChatResponse,
  type Chunk,
  type GenerateResponse,
  type OllamaStream,
  usageOf,
} from '@ollama-toolbelt/core/neutral';
import { noticesInWords } from '../notice-words.ts';
import { plainText } from '../plain-text.ts';
import type { Progress } from '../tool-context.ts';
import type { Answer, AnyJson } from './answer.ts';

/** With a `format`, the complete answer has `parsed`. */
type Parsed<Response> = Response & { parsed?: unknown };

/** The stream of a model's answer, to a chat or to a prompt. */
export type AnswerStream =
  | OllamaStream<Chunk<ChatResponse>, Parsed<Chunk<ChatResponse>>>
  | OllamaStream<Chunk<GenerateResponse>, Parsed<Chunk<GenerateResponse>>>;

type PartialAnswer = Parsed<Chunk<ChatResponse>> | Parsed<Chunk<GenerateResponse>>;

/** An answer that is being read. */
export class GrowingAnswer {
  readonly #model: string;
  readonly #progress: Progress;
  #stream: AnswerStream | undefined;
  #tokens = 0;
  #hasText = false;
  #hasThought = false;

  constructor({ model }: { model: string }, progress: Progress) {
    this.#model = model;
    this.#progress = progress;
  }

  get hasText(): boolean {
    return this.#hasText;
  }

  /** The answer so far. */
  value(): Answer {
    const soFar: PartialAnswer | undefined = this.#stream?.partial;
    return soFar === undefined ? { model: this.#model, text: '', usage: {} } : answerOf(soFar);
  }

  /**
   * Reads a stream to its end and reports its progress.
   *
   * @throws OllamaError if the answer is not complete, or not in the requested `format`.
   */
  async read(stream: AnswerStream): Promise<Answer> {
    this.#stream = stream;
    this.#progress.report(0, `waiting for the first token of ${this.#model}`);
    for await (const chunk of stream) this.#report(chunk);
    return answerOf(await stream.result());
  }

  #report(chunk: PartialAnswer): void {
    const text = textOf(chunk);
    this.#hasText ||= text !== '';
    this.#hasThought ||= Boolean(turnOf(chunk).thinking);
    // The server sends one line for each token, and a final one with the counts.
    if (!chunk.done) this.#tokens++;
    const count = this.#tokens === 1 ? '1 token' : `${this.#tokens} tokens`;
    const isThinking = this.#hasThought && !this.#hasText;
    this.#progress.report(this.#tokens, isThinking ? `thinking, ${count}` : count, { text: plainText(text) });
  }
}

const isChat = (soFar: PartialAnswer): soFar is Parsed<Chunk<ChatResponse>> =>
  'message' in soFar && soFar.message !== undefined;
/** The object with the thinking and the tool calls. */
const turnOf = (soFar: PartialAnswer) => (isChat(soFar) ? soFar.message : soFar);
const textOf = (soFar: PartialAnswer) => (isChat(soFar) ? soFar.message.content : soFar.response) ?? '';

function answerOf(soFar: PartialAnswer): Answer {
  const { model, done_reason, notices = [], parsed } = soFar;
  const { thinking, tool_calls = [] } = turnOf(soFar);
  return {
    model,
    text: textOf(soFar),
    ...(parsed !== undefined && { parsed: parsed as AnyJson }),
    ...(thinking && { thinking }),
    ...(tool_calls.length > 0 && { tool_calls }),
    ...(done_reason !== undefined && { done_reason }),
    ...(done_reason === 'length' && { partial: true }),
    ...(notices.length > 0 && {
      notices: noticesInWords(notices),
    }),
    usage: { ...usageOf(soFar) },
  };
}
