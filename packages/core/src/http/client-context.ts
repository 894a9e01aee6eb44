import type { CallErrors, CallFacts } from '../errors/call-facts.ts';
import type { OllamaError } from '../errors/errors.ts';
import type { CallOptions, RetryOptions, Timeouts } from '../options.ts';
import type { Now, Platform, Timer } from '../platform.ts';
import type { ClientHeaders } from './client-headers.ts';
import type { Limits } from './slot.ts';

/**
 * Tells the caller's own hooks that a request goes out; what it gives tells them that the head of the answer is there.
 * `fail` gets the error if the promise of a hook rejects.
 */
export type Watch = (facts: CallFacts, attempt: number, fail: (error: OllamaError) => void) => (status: number) => void;

/** What is done about calls that fail. */
export interface Failures {
  /** Milliseconds to wait before the next attempt, or nothing when the failure stands. `attempt` counts from 0. */
  retryDelayMs(
    error: unknown,
    attempt: number,
    retry: RetryOptions | false,
  ): Promise<number | undefined> | number | undefined;
  /** The error as the caller gets it, when a call has failed for good. */
  complete(error: unknown, client: ClientContext, call: CallOptions, signalOf: () => AbortSignal): Promise<unknown>;
}

/** What all calls of a client have in common. */
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
  /** The options of a call, once they are known to be some. */
  readCall(given: CallOptions | null | undefined): CallOptions;
}

export const DEFAULT_MAX_LINE_BYTES = 64 * 1024 * 1024;
