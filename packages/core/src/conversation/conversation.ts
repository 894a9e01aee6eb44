import { OllamaAbortError } from '../errors/errors.ts';
import { asOllamaError, readInput } from '../errors/unexpected.ts';
import { linkSignals } from '../http/abort-signals.ts';
import { OllamaStream } from '../http/stream.ts';
import type { CallOptions } from '../options.ts';
import type { ChatRequest, ChatResponse, Message, PsResponse } from '../schemas/interfaces.ts';
import type { Format } from '../schemas/values.ts';
import { type Accumulator, accumulateChat } from '../wire/accumulate.ts';
import type { Answer, Chunk } from '../wire/answer-types.ts';
import { parseOutput } from '../wire/json-format.ts';
import { ContextWindow } from './context-window.ts';
import { copyOf } from './deep-copy.ts';
import type { ConversationInput, ConversationOptions, SendOptions } from './options.ts';
import { messagesOf, readConversation } from './read-input.ts';
import { type AnyTool, wireTool } from './tools.ts';
import { runTurn } from './turn.ts';
import { TurnQueue } from './turn-queue.ts';

const MAX_ROUNDS = 10;

/** What a conversation needs from the client. */
export interface ConversationClient {
  chatStream(request: ChatRequest, call?: CallOptions): OllamaStream<Chunk<ChatResponse>>;
  ps(call?: CallOptions): Promise<PsResponse>;
}

/**
 * A chat with its history, made with `ollama.conversation(…)`.
 *
 * A turn counts only once it is complete: one that fails, is cancelled or is left early does not change the history.
 * Turns run one after the other: a second one waits for the first, since its answer depends on it and two windows of
 * one chat may send at any time. So a tool handler must not `send` to its own conversation, and you must leave a stream
 * that you stop reading.
 *
 * Before each request, the oldest turns are dropped if the history no longer fits the context (`options.num_ctx`, else
 * what the model was loaded with) together with the answer (`options.num_predict`, at most half of the context; a
 * quarter if it is not limited). The answer then has a notice about it. The system prompt and the last turn always
 * stay.
 */
export class Conversation<F extends Format = never> {
  /** The system prompt. */
  readonly system: string | undefined;
  readonly #client: ConversationClient;
  /** The request of every turn, without messages. */
  readonly #request: Omit<ChatRequest, 'messages'>;
  readonly #format: F | undefined;
  readonly #tools: readonly AnyTool[];
  readonly #maxRounds: number;
  readonly #window: ContextWindow;
  readonly #queue = new TurnQueue();
  /** The messages so far, without the system prompt. They are never changed. */
  #history: readonly Message[];

  constructor(client: ConversationClient, options: ConversationOptions<F>) {
    const { system, messages, tools, maxRounds, maxTokens, format, ...request } = readConversation(options);
    const [first, ...others] = messages;
    this.#client = client;
    this.system = system ?? (first?.role === 'system' ? (first.content ?? '') : undefined);
    this.#history = first === undefined || first.role === 'system' ? others : [first, ...others];
    this.#request = { ...request, ...(tools.length > 0 && { tools: tools.map(wireTool) }) };
    this.#format = format;
    this.#tools = tools;
    this.#maxRounds = maxRounds ?? MAX_ROUNDS;
    this.#window = new ContextWindow({ ps: (call) => client.ps(call), maxTokens });
  }

  /**
   * A copy of the history, starting with the system prompt. Its images are base64, so it can be stored as JSON.
   *
   * @example
   * ```ts
   * const chat = ollama.conversation({ model: 'llama3.2', system: 'You are a pirate.' });
   * await chat.send('What is Docker?');
   * console.log(chat.messages.map(({ role }) => role)); // [ 'system', 'user', 'assistant' ]
   * ```
   */
  get messages(): readonly Message[] {
    return copyOf(this.#withSystem(this.#history));
  }

  /**
   * Forgets everything but the system prompt. A running turn still answers, but is not added.
   *
   * @example
   * ```ts
   * const chat = ollama.conversation({ model: 'llama3.2' });
   * await chat.send('What is Docker?');
   * chat.reset();
   * console.log(chat.messages.length); // 0
   * ```
   */
  reset(): void {
    this.#history = [];
  }

  /**
   * Sends a message and waits for the answer: that of the last round if tools run. Calls of tools without a handler are
   * in `message.tool_calls`; send their results as messages with the role "tool", all at once.
   *
   * A `format` constrains the model from its first token, so most models call no tools in such a turn.
   *
   * @throws OllamaError `context_exceeded` if the last message alone does not fit, `bad_output` if the model still
   * calls tools after `maxRounds` rounds or its answer does not match `format`.
   *
   * @example
   * ```ts
   * const chat = ollama.conversation({ model: 'llama3.2' });
   * const { message } = await chat.send('Why is the sky blue?');
   * console.log(message.content); // The sky is blue because …
   * ```
   */
  async send<G extends Format = F>(
    input: ConversationInput,
    options: SendOptions<G> = {},
  ): Promise<Answer<ChatResponse, G>> {
    let whole: Chunk<ChatResponse> | undefined;
    const turn = this.#turn(input, options ?? {}, undefined, (answer) => {
      // Before the turn is added to the history: an answer that does not match the format is not added.
      whole = this.#parsed(answer, options ?? {});
    });
    for await (const _ of turn);
    return { notices: [], ...whole } as unknown as Answer<ChatResponse, G>;
  }

  /**
   * Sends a message and returns the chunks of the answer, from all rounds if tools run. Only the very last chunk has
   * `done: true`; with it the turn is added to the history. `partial` and `result` are the answer of the last round.
   *
   * @example
   * ```ts
   * const chat = ollama.conversation({ model: 'llama3.2' });
   * for await (const { message } of chat.sendStream('Why is the sky blue?')) {
   *   process.stdout.write(message.content); // The sky is blue because …
   * }
   * ```
   */
  sendStream<G extends Format = F>(
    input: ConversationInput,
    options: SendOptions<G> = {},
  ): OllamaStream<Chunk<ChatResponse>, Answer<ChatResponse, G>> {
    let whole: Chunk<ChatResponse> | undefined;
    const soFar = accumulateTurn();
    return new OllamaStream<Chunk<ChatResponse>, Answer<ChatResponse, G>>({
      accumulator: { ...soFar, answer: () => whole ?? soFar.answer() },
      open: (left) =>
        this.#turn(input, options ?? {}, left.signal, (answer) => {
          whole = answer;
        }),
      finish: (answer) =>
        ({ notices: [], ...this.#parsed(answer, options ?? {}) }) as unknown as Answer<ChatResponse, G>,
    });
  }

  /**
   * The answer with the value of its format. If it calls tools, or lost a call of a tool that was not offered, it has
   * none.
   */
  #parsed(answer: Chunk<ChatResponse>, options: SendOptions<Format>): Chunk<ChatResponse> {
    const format: Format | undefined = options.format ?? this.#format;
    const { content, tool_calls } = answer.message;
    const hasNone = tool_calls?.length || (content === '' && this.#tools.length > 0);
    if (format === undefined || hasNone) return answer;
    return {
      ...answer,
      parsed: parseOutput(format, content, answer, answer.model ?? this.#request.model),
    } as Chunk<ChatResponse>;
  }

  async *#turn(
    input: ConversationInput,
    options: SendOptions<Format>,
    left: AbortSignal | undefined,
    onAnswer: (answer: Chunk<ChatResponse>) => void,
  ): AsyncGenerator<readonly Chunk<ChatResponse>[], void, undefined> {
    const {
      model = this.#request.model,
      format = this.#format,
      think,
      keep_alive,
      options: settings,
      ...call
    } = readInput('The options of send', () => ({ ...options }));
    const sent = messagesOf(input);
    const { signal, unlink } = linkSignals(call.signal, left);
    let leave: (() => void) | undefined;
    try {
      leave = await this.#queue.enter(signal);
      const before = this.#history;
      yield* runTurn({
        chatStream: (request, call) => this.#client.chatStream(request, call),
        window: this.#window,
        request: {
          ...this.#request,
          model,
          messages: this.#withSystem([...before, ...sent]),
          ...(format !== undefined && { format }),
          ...(think !== undefined && { think }),
          ...(keep_alive !== undefined && { keep_alive }),
          ...(settings && { options: { ...this.#request.options, ...settings } }),
        },
        tools: this.#tools,
        maxRounds: this.#maxRounds,
        call: { ...call, signal },
        signal,
        finish: (answer, messages) => {
          onAnswer(answer);
          // A reset during the turn wins.
          if (this.#history === before) this.#history = messages.slice(this.system === undefined ? 0 : 1);
          // A reader may stop at the last chunk without waiting for the end.
          leave?.();
        },
      });
    } catch (error) {
      if (!signal.aborted || error instanceof OllamaAbortError) throw asOllamaError(error);
      throw new OllamaAbortError('The turn was cancelled.', {
        code: 'aborted',
        model,
        ...(leave === undefined && { phase: 'queue' }),
        cause: signal.reason,
      });
    } finally {
      leave?.();
      unlink();
    }
  }

  #withSystem(messages: readonly Message[]): Message[] {
    return [...(this.system === undefined ? [] : [{ role: 'system' as const, content: this.system }]), ...messages];
  }
}

/** Adds up the chunks of a turn. Only the last chunk of a round has a `done_reason`; the next round starts over. */
function accumulateTurn(): Accumulator<Chunk<ChatResponse>> {
  let round = accumulateChat();
  let isOver = false;
  return {
    ...round,
    add(chunk) {
      if (isOver) round = accumulateChat();
      isOver = !!chunk.done_reason;
      round.add(chunk);
    },
    answer: () => round.answer(),
  };
}
