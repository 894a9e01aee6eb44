import { OllamaError, OllamaHttpError } from '../errors/errors.ts';
import type { RetryOptions } from '../options.ts';

const ATTEMPTS = 2;
const MIN_DELAY_MS = 250;
const MAX_DELAY_MS = 10_000;
/** If the server asks for a longer pause there is no retry: the caller gets it in `retryAfterMs`. */
const MAX_RETRY_AFTER_MS = 60_000;

/**
 * Milliseconds to wait before the next attempt, or undefined to give up. `attempt` counts from 0. The server's
 * Retry-After overrides the backoff, whose jitter keeps many clients from retrying at the same moment.
 */
export function retryDelayMs(error: unknown, attempt: number, retry: RetryOptions | false): number | undefined {
  if (retry === false || !(error instanceof OllamaError) || !error.retryable) return undefined;
  const { attempts = ATTEMPTS, minDelayMs = MIN_DELAY_MS, maxDelayMs = MAX_DELAY_MS } = retry;
  if (attempt >= attempts) return undefined;
  const asked = error instanceof OllamaHttpError ? error.retryAfterMs : undefined;
  if (asked !== undefined) return asked > MAX_RETRY_AFTER_MS ? undefined : asked;
  return Math.min(maxDelayMs, minDelayMs * 2 ** attempt) * (0.5 + Math.random() / 2);
}
