import type { OllamaError } from '../errors/errors.ts';
import type { CallOptions } from '../options.ts';
import type { ChatRequest, ChatResponse, Message, PsResponse } from '../schemas/interfaces.ts';
import { canonicalModel } from '../wire/model-name.ts';
import { messageWeight, TokenEstimate, textWeight } from './token-estimate.ts';
import { oldTurns, type TrimmedHistory, trimHistory } from './trim-history.ts';

/** A history that exceeds the limit is cut to this share of it, so the next turns need no cut. */
const TARGET_SHARE = 0.7;
/** Room for an answer whose length is not limited. */
const ANSWER_SHARE = 0.25;
/** However long the answer may get, this share of the context remains for the history. */
const MOST_ANSWER_SHARE = 0.5;
const UNLIMITED = Number.POSITIVE_INFINITY;
/** A count smaller than this share of the estimate means that the server truncated the prompt. */
const CUT_SHARE = 0.5;

export interface WindowOptions {
  ps: (call: CallOptions) => Promise<PsResponse>;
  /** Most tokens of the prompt, if that is less than the context allows. */
  maxTokens: number | undefined;
}

export interface FittedHistory extends TrimmedHistory {
  /** Most tokens the prompt may have; undefined if no limit is known. */
  budget: number | undefined;
}

/**
 * Cuts the history of one conversation to the context of its model. Learns from every answer how many tokens texts
 * have.
 */
export class ContextWindow {
  readonly #options: WindowOptions;
  readonly #estimate = new TokenEstimate();
  /** What the server reported about its context, for which model and setting. */
  #found: { key: string; contextLength: number } | undefined;

  constructor(options: WindowOptions) {
    this.#options = options;
  }

  /** The messages that fit: all of them if no limit is known. */
  async fit(messages: readonly Message[], request: ChatRequest, call: CallOptions): Promise<FittedHistory> {
    // If nothing can be dropped, the limit is not worth a request.
    if (request.options?.num_ctx === undefined && oldTurns(messages).length > 0) await this.#ask(request, call);
    const budget = this.#budget(request);
    if (budget === undefined) return { messages, dropped: 0, budget };
    return { ...this.#trim(messages, request, budget, budget * TARGET_SHARE), budget };
  }

  /**
   * After the server reports that the prompt is too long: drops at least half of it, or returns undefined if nothing
   * may go.
   */
  async fitHarder(
    messages: readonly Message[],
    request: ChatRequest,
    call: CallOptions,
    error: OllamaError,
  ): Promise<FittedHistory | undefined> {
    const { tokens, contextLength } = error;
    if (tokens !== undefined && contextLength !== undefined) {
      this.#found = { key: keyOf(request), contextLength };
      this.#estimate.measure(promptWeight(messages, request), tokens);
    } else {
      this.#found = undefined;
      await this.#ask(request, call);
    }
    const budget = this.#budget(request);
    const size = this.#estimate.tokens(promptWeight(messages, request));
    const target = Math.min(size / 2, (budget ?? UNLIMITED) * TARGET_SHARE);
    const trimmed = this.#trim(messages, request, target, target);
    return trimmed.dropped === 0 ? undefined : { ...trimmed, budget };
  }

  /** Learns from the counts of an answer to these messages. */
  learn(messages: readonly Message[], request: ChatRequest, answer: ChatResponse): void {
    const { prompt_eval_count: read, eval_count: written = 0 } = answer;
    if (read === undefined) return;
    const weight = promptWeight(messages, request);
    const wasCut = request.truncate !== false && read < CUT_SHARE * this.#estimate.tokens(weight);
    if (wasCut) return;
    this.#estimate.measure(weight + messageWeight(assistant(answer), true), read + written);
  }

  #trim(messages: readonly Message[], request: ChatRequest, limit: number, target: number): TrimmedHistory {
    const fixed = this.#estimate.tokens(toolsWeight(request));
    const current = lastTurn(messages);
    const sizeOf = (message: Message) => this.#estimate.rate * messageWeight(message, current.has(message));
    return trimHistory(messages, { limit: limit - fixed, target: target - fixed, sizeOf });
  }

  #budget(request: ChatRequest): number | undefined {
    const { num_ctx, num_predict = -1 } = request.options ?? {};
    const found = this.#found?.key === keyOf(request) ? this.#found.contextLength : undefined;
    // The server lowers a num_ctx that is larger than the model's training context.
    const context = Math.min(num_ctx ?? UNLIMITED, found ?? UNLIMITED);
    const answer =
      num_predict > 0 ? Math.min(num_predict, context * MOST_ANSWER_SHARE) : Math.floor(context * ANSWER_SHARE);
    const budget = Math.min(
      Number.isFinite(context) ? context - answer : context,
      this.#options.maxTokens ?? UNLIMITED,
    );
    return Number.isFinite(budget) ? budget : undefined;
  }

  /** Asks for the context of the loaded model, unless it is known; a model that is not loaded has none yet. */
  async #ask(request: ChatRequest, call: CallOptions): Promise<void> {
    const key = keyOf(request);
    if (this.#found?.key === key) return;
    try {
      const { models } = await this.#options.ps(call);
      const model = models.find(({ name }) => canonicalModel(name) === canonicalModel(request.model));
      this.#found = model?.context_length ? { key, contextLength: model.context_length } : undefined;
    } catch {
      // Ignored: the request that this one prepares will report the problem better.
    }
  }
}

const keyOf = (request: ChatRequest) => `${request.model} ${request.options?.num_ctx ?? ''}`;

function lastTurn(messages: readonly Message[]): Set<Message> {
  return new Set(
    messages.slice(
      Math.max(
        0,
        messages.findLastIndex(({ role }) => role === 'user'),
      ),
    ),
  );
}

function promptWeight(messages: readonly Message[], request: ChatRequest): number {
  const current = lastTurn(messages);
  return messages.reduce((sum, message) => sum + messageWeight(message, current.has(message)), toolsWeight(request));
}

const toolsWeight = ({ tools }: ChatRequest) => (tools?.length ? textWeight(JSON.stringify(tools)) : 0);

const assistant = ({ message }: ChatResponse): Message => ({ ...message, role: 'assistant' });
