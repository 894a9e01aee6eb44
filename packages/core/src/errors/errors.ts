import { OllamaError, type OllamaErrorOptions } from './ollama-error.ts';

export {
  type ErrorCode,
  type ErrorDetails,
  type ErrorPhase,
  OllamaError,
  type OllamaErrorOptions,
} from './ollama-error.ts';

/**
 * The server, or a proxy in front of it, responded with an error status, or with something that does not come from
 * Ollama.
 */
export class OllamaHttpError extends OllamaError {
  override readonly name = 'OllamaHttpError';
  readonly status: number;
  /** How long the server asks to wait (`Retry-After`), in milliseconds. */
  readonly retryAfterMs: number | undefined;
  /** Where to sign in, if the server says so. */
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

/** The connection could not be opened, or broke. `cause` is what the transport reported. */
export class OllamaConnectionError extends OllamaError {
  override readonly name = 'OllamaConnectionError';
}

/** A deadline passed; `limit` says which one. */
export class OllamaTimeoutError extends OllamaError {
  override readonly name = 'OllamaTimeoutError';
}

/** The caller cancelled; `cause` is the reason of the caller's signal. */
export class OllamaAbortError extends OllamaError {
  override readonly name = 'OllamaAbortError';
}

/** The response began successfully and then failed: truncated, an error in the middle, an unreadable line. */
export class OllamaStreamError extends OllamaError {
  override readonly name = 'OllamaStreamError';
}
