import type { OllamaVersion } from '../wire/version.ts';
import { WireError } from '../wire/wire-error.ts';

/** An error of llama-server: its JSON goes into the string unchanged. */
const nested = (message: string, numbers: Record<string, number> = {}, type = 'invalid_request_error') =>
  new WireError(400, JSON.stringify({ error: { code: 400, message, type, ...numbers } }));

/** A version's messages for requests that its model runner cannot handle. */
interface RunErrors {
  /** The prompt does not fit, and must not be truncated. */
  contextExceeded(tokens: number, contextLength: number): WireError;
  /** A JSON Schema that cannot become a grammar. */
  badSchema(problem: string): WireError;
  /** A schema whose grammar is too big. */
  grammarTooBig(): WireError;
  /** One of several texts to embed is empty. */
  emptyInput(): WireError;
  /** An image for a model that cannot see; 0.24 ignores it. */
  withoutVision?(): WireError;
  /** Embeddings of a chat model; 0.24 returns some. */
  withoutEmbeddings?(): WireError;
}

/** 0.24 has its own engine; that of 0.33 is llama.cpp's llama-server. */
export const runErrors: Readonly<Record<OllamaVersion, RunErrors>> = {
  '0.24': {
    contextExceeded: () => inputTooLong(),
    badSchema: () => new WireError(500, 'invalid JSON schema in format'),
    grammarTooBig: () =>
      new WireError(
        500,
        'model runner has unexpectedly stopped, this may be due to resource limitations or an internal error, check ollama server logs for details',
      ),
    emptyInput: () => new WireError(500, 'Failed to create new sequence: no input provided'),
  },
  '0.33': {
    contextExceeded: (tokens, contextLength) =>
      nested(
        `request (${tokens} tokens) exceeds the available context size (${contextLength} tokens), try increasing it`,
        { n_prompt_tokens: tokens, n_ctx: contextLength },
        'exceed_context_size_error',
      ),
    badSchema: (problem) => nested(`Field 'json_schema': "json_schema": JSON schema conversion failed:\n${problem}`),
    grammarTooBig: () => nested('Failed to initialize samplers: failed to parse grammar'),
    emptyInput: () => new WireError(400, 'input exceeds maximum context length and cannot be truncated further'),
    withoutVision: () => nested('Multimodal data provided, but model does not support multimodal requests.'),
    withoutEmbeddings: () =>
      new WireError(501, 'This server does not support embeddings. Start it with `--embeddings`'),
  },
};

/** A text to embed that does not fit, and must not be truncated. */
export const inputTooLong = (): WireError => new WireError(400, 'the input length exceeds the context length');

/** A `context` with a token that the model does not have; 0.24 crashes on it. */
export const unknownToken = (token: number, vocabulary: number): WireError => {
  const message = `vector::_M_range_check: __n (which is ${token}) >= this->size() (which is ${vocabulary})`;
  return new WireError(
    500,
    `detokenize error: ${JSON.stringify({ error: { code: 500, message, type: 'server_error' } })}`,
  );
};
