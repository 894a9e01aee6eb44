/**
 * Runs one model file: the counterpart of Ollama's runner process (llama-server). It knows token sequences and
 * sampling; the layers above handle prompts, templates, tool calls, names and HTTP.
 */
export interface Runner {
  /** Tokens of the context window the model was loaded with. */
  readonly contextLength: number;
  /** The size of its vocabulary; token ids are below it. */
  readonly vocabularySize: number;
  /** Bytes in memory, roughly, as `/api/ps` reports them. */
  readonly size: number;
  /** Token ids of a text; `<|im_start|>` and similar are parsed as the special tokens they name. */
  tokenize(text: string): number[];
  detokenize(tokens: readonly number[]): string;
  /**
   * Evaluates the prompt and samples an answer. An abort throws the signal's reason, at the latest one token later. A
   * prompt that leaves no room in the context is a RangeError, a format that cannot become a grammar a GrammarError:
   * the first `next()` throws both. One call runs at a time, the others wait in a queue.
   */
  complete(request: CompletionRequest, signal: AbortSignal): AsyncGenerator<CompletionEvent, void, undefined>;
  /**
   * One L2-normalized vector of a text or its tokens, with the model's own pooling; too many tokens are a RangeError.
   */
  embed(input: string | readonly number[], signal: AbortSignal): Promise<{ vector: number[]; tokens: number }>;
  /** Ends running and waiting calls, and frees everything. */
  dispose(): Promise<void>;
}

export interface CompletionRequest {
  prompt: readonly number[];
  options: SamplingOptions;
  /** `"json"` or a JSON Schema: a grammar constrains the answer to it. */
  format?: 'json' | Readonly<Record<string, unknown>>;
  /** Report the log probability of each token, with this many alternatives (0 to 20). */
  topLogprobs?: number;
}

/** Ollama's option names and values; a missing one has Ollama's default. */
export interface SamplingOptions {
  num_predict?: number;
  temperature?: number;
  top_k?: number;
  top_p?: number;
  min_p?: number;
  typical_p?: number;
  seed?: number;
  stop?: readonly string[];
  repeat_penalty?: number;
  repeat_last_n?: number;
  presence_penalty?: number;
  frequency_penalty?: number;
}

export interface TokenLogprob {
  token: string;
  logprob: number;
  bytes: number[];
}

/** A token of the answer with the most likely alternatives, including itself. */
export type LogprobEntry = TokenLogprob & { top: TokenLogprob[] };

export type CompletionEvent =
  /**
   * Text that can be shown: complete characters, no part of a stop sequence; with the log probabilities of its tokens.
   */
  | { type: 'text'; text: string; logprobs?: LogprobEntry[] }
  | {
      type: 'end';
      reason: 'stop' | 'length';
      promptTokens: number;
      promptNs: number;
      tokens: number;
      tokensNs: number;
      /** The sampled ids, including the end of generation. (Ollama's `context` is computed from prompt and text.) */
      ids: number[];
    };
