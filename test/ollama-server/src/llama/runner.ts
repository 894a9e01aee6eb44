/**
 * What runs one model file: the counterpart of Ollama's runner process (llama-server). It knows token sequences and
 * sampling; prompts, templates, tool calls, names and HTTP are the business of the layers above.
 */
export interface Runner {
  /** Tokens of the context window the model was loaded with. */
  readonly contextLength: number;
  /** Bytes in memory, roughly, as `/api/ps` reports them. */
  readonly size: number;
  /** Token ids of a text; `<|im_start|>` and the like are read as the special tokens they name. */
  tokenize(text: string): number[];
  detokenize(tokens: readonly number[]): string;
  /** Evaluates the prompt and samples an answer. Ends when the signal aborts, at the latest one token later. */
  complete(request: CompletionRequest, signal: AbortSignal): AsyncGenerator<CompletionEvent, void, undefined>;
  /** One L2-normalised vector, by the model's own pooling. */
  embed(text: string, signal: AbortSignal): Promise<{ vector: number[]; tokens: number }>;
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

export type CompletionEvent =
  /** Text that can be shown: whole characters, no part of a stop sequence. `count` tokens are behind it. */
  | { type: 'text'; text: string; logprobs?: (TokenLogprob & { top: TokenLogprob[] })[] }
  | {
      type: 'end';
      reason: 'stop' | 'length';
      promptTokens: number;
      promptNs: number;
      tokens: number;
      tokensNs: number;
      /** The ids sampled, for the `context` of `/api/generate`. */
      ids: number[];
    };
