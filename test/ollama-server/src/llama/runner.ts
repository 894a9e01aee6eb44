/**
 * What runs one model file: the counterpart of Ollama's runner process (llama-server). It knows token sequences and
 * sampling; prompts, templates, tool calls, names and HTTP are the business of the layers above.
 */
export interface Runner {
  /** Tokens of the context window the model was loaded with. */
  readonly contextLength: number;
  /** How many tokens it knows; their ids are below. */
  readonly vocabularySize: number;
  /** Bytes in memory, roughly, as `/api/ps` reports them. */
  readonly size: number;
  /** Token ids of a text; `<|im_start|>` and the like are read as the special tokens they name. */
  tokenize(text: string): number[];
  detokenize(tokens: readonly number[]): string;
  /**
   * Evaluates the prompt and samples an answer. An abort throws the signal's reason, at the latest one token later.
   * A prompt that leaves no room in the context is a RangeError, a format that makes no grammar a GrammarError: both
   * come from the first `next()`. One call runs at a time, the others wait in line.
   */
  complete(request: CompletionRequest, signal: AbortSignal): AsyncGenerator<CompletionEvent, void, undefined>;
  /** One L2-normalized vector of a text or its tokens, by the model's own pooling; too many tokens are a RangeError. */
  embed(input: string | readonly number[], signal: AbortSignal): Promise<{ vector: number[]; tokens: number }>;
  /** Ends the calls that run or wait, and frees everything. */
  dispose(): Promise<void>;
}

export interface CompletionRequest {
  prompt: readonly number[];
  options: SamplingOptions;
  /** `"json"` or a JSON Schema: the answer is held to it by a grammar. */
  format?: 'json' | Readonly<Record<string, unknown>>;
  /** Report the log probability of each token, with this many alternatives (0 to 20). */
  topLogprobs?: number;
}

/** Ollama's option names, wire values; an absent one takes Ollama's default. */
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
  /** Text that can be shown: whole characters, no part of a stop sequence; the log probabilities of the tokens behind it. */
  | { type: 'text'; text: string; logprobs?: LogprobEntry[] }
  | {
      type: 'end';
      reason: 'stop' | 'length';
      promptTokens: number;
      promptNs: number;
      tokens: number;
      tokensNs: number;
      /** The ids sampled, the end of generation among them. (Ollama's `context` is made again from prompt and text.) */
      ids: number[];
    };
