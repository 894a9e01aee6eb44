import type { CallErrors, CallFacts } from '../errors/call-facts.ts';
import type { OllamaError } from '../errors/errors.ts';
import type { CallOptions, RetryOptions, Timeouts } from '../options.ts';
import type { Now, Platform, Timer } from '../platform.ts';
import type { ClientHeaders } from './client-headers.ts';
import type { Limits } from './slot.ts';

/**
 * Tells the caller's hooks that a request is sent. The returned function tells them that the response headers have
 * arrived. `fail` gets the error if the promise of a hook rejects.
 */
export type Watch = (facts: CallFacts, attempt: number, fail: (error: OllamaError) => void) => (status: number) => void;

/** What happens when a call fails. */
export interface Failures {
  /** Milliseconds to wait before the next attempt, or undefined to give up. `attempt` counts from 0. */
  retryDelayMs(
    error: unknown,
    attempt: number,
    retry: RetryOptions | false,
  ): Promise<number | undefined> | number | undefined;
  /** The error that the caller gets once a call has failed for good. */
  complete(error: unknown, client: ClientContext, call: CallOptions, signalOf: () => AbortSignal): Promise<unknown>;
}

/** What all calls of a client share. */
export interface ClientContext {
  platform: Platform;
  /** For deadlines. */
  clock: { timer: Timer; now: Now };
  /** Address of the server, without credentials. */
  url: string;
  headers: ClientHeaders;
  timeouts: Timeouts | undefined;
  maxLineBytes: number;
  retry: RetryOptions | false | undefined;
  limits: Limits;
  watch: Watch | undefined;
  /** Makes the errors of calls. */
  errors: CallErrors;
  failures: Failures;
  /** The options of a call, once they are checked. */
  readCall(given: CallOptions | null | undefined): CallOptions;
}

export const DEFAULT_MAX_LINE_BYTES = 64 * 1024 * 1024;
