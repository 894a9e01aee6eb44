import type { JsonObject } from './json.ts';

/** An error response: a status before the first byte, a last line after it. */
export class WireError extends Error {
  override readonly name = 'WireError';
  readonly status: number;
  /** Additional keys of the body, such as `signin_url`. */
  readonly extra: JsonObject;

  constructor(status: number, message: string, extra: JsonObject = {}) {
    super(message);
    this.status = status;
    this.extra = extra;
  }

  get body(): JsonObject {
    return { error: this.message, ...this.extra };
  }
}
