/** What went wrong, in one word to switch on. */
export type ErrorCode =
  | 'model_not_found'
  | 'not_found'
  | 'unauthorized'
  | 'forbidden'
  | 'quota_exceeded'
  | 'rate_limited'
  | 'server_busy'
  | 'server_error'
  | 'bad_request'
  | 'unsupported'
  | 'wrong_server'
  | 'redirect'
  | 'refused'
  | 'dns'
  | 'tls'
  | 'reset'
  | 'timeout'
  | 'aborted'
  | 'truncated'
  | 'bad_line'
  | 'line_too_long'
  | 'stream_error'
  | 'bad_host'
  | 'bad_modelfile'
  | 'bad_output'
  | 'context_exceeded';

/**
 * Where a call was when it failed: waiting for its turn or for another try, connecting, waiting for the first byte,
 * reading the body. A timeout names its limit here: `connect`, `firstByte`, `idle` or `total`.
 */
export type ErrorPhase = 'queue' | 'retry' | 'connect' | 'firstByte' | 'body' | 'idle' | 'total';

export interface OllamaErrorOptions {
  code: ErrorCode;
  retryable?: boolean;
  hint?: string | undefined;
  model?: string | undefined;
  phase?: ErrorPhase | undefined;
  partial?: unknown;
  cause?: unknown;
}

/** Any failure of a call. No prompt, image or key is ever part of a message. */
export class OllamaError extends Error {
  override readonly name: string = 'OllamaError';
  readonly code: ErrorCode;
  /** Whether the same call may succeed when it is made again. */
  readonly retryable: boolean;
  /** What to do about it, as a sentence for people. */
  readonly hint: string | undefined;
  readonly model: string | undefined;
  readonly phase: ErrorPhase | undefined;
  /** What had arrived before the failure, in the shape of the whole answer; for pull, push and create the last line. */
  readonly partial: unknown;

  constructor(message: string, options: OllamaErrorOptions) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.code = options.code;
    this.retryable = options.retryable ?? false;
    this.hint = options.hint;
    this.model = options.model;
    this.phase = options.phase;
    this.partial = options.partial;
  }
}

/** The server, or something before it, answered with another status than 200, or with something that is not Ollama's. */
export class OllamaHttpError extends OllamaError {
  override readonly name = 'OllamaHttpError';
  readonly status: number;
  /** Milliseconds the server asks to wait (`Retry-After`), where it does. */
  readonly retryAfterMs: number | undefined;
  /** Where to sign in, where the server says so. */
  readonly signinUrl: string | undefined;

  constructor(
    status: number,
    message: string,
    options: OllamaErrorOptions & { retryAfterMs?: number | undefined; signinUrl?: string | undefined },
  ) {
    super(message, options);
    this.status = status;
    this.retryAfterMs = options.retryAfterMs;
    this.signinUrl = options.signinUrl;
  }
}

/** No connection, or the connection broke. `cause` is what the transport reported. */
export class OllamaConnectionError extends OllamaError {
  override readonly name = 'OllamaConnectionError';
}

/** A deadline passed; `phase` says which one. */
export class OllamaTimeoutError extends OllamaError {
  override readonly name = 'OllamaTimeoutError';
}

/** The caller gave up; `cause` is the reason of the caller's signal. */
export class OllamaAbortError extends OllamaError {
  override readonly name = 'OllamaAbortError';
}

/** The answer began well and then failed: cut off, an error in the middle, a line that cannot be read. */
export class OllamaStreamError extends OllamaError {
  override readonly name = 'OllamaStreamError';
}
