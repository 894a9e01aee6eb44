import { OllamaError, type OllamaErrorOptions } from './ollama-error.ts';

export {
  type ErrorCode,
  type ErrorDetails,
  type ErrorPhase,
  OllamaError,
  type OllamaErrorOptions,
} from './ollama-error.ts';

/** The server, or something before it, answered with another status than 200, or with something that is not Ollama's. */
export class OllamaHttpError extends OllamaError {
  override readonly name = 'OllamaHttpError';
  readonly status: number;
  /** Milliseconds the server asks to wait (`Retry-After`), if it does. */
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

/** A deadline passed; `limit` says which one. */
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
