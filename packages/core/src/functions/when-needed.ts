import type { CallErrors } from '../errors/call-facts.ts';
import { type ErrorCode, OllamaError } from '../errors/ollama-error.ts';
import type { Failures } from '../http/client-context.ts';
import type { Sleep } from '../platform.ts';

/**
 * The code that explains failures is larger than everything a successful call needs, so the first call that fails loads
 * it.
 */
const load = () => import('./failing.ts').catch(() => undefined);
type Failing = Awaited<ReturnType<typeof load>>;

/** An error whose explanation is not loaded yet. Callers see it only if loading fails. */
class Unexplained extends OllamaError {
  readonly explain: (errors: CallErrors) => OllamaError;

  constructor(code: ErrorCode, explain: (errors: CallErrors) => OllamaError) {
    super(`The call failed: ${code}. What else is known of it could not be loaded.`, { code });
    this.explain = explain;
  }
}

/** Creates errors that are explained once the call has failed for good. */
export const errorsWhenNeeded = new Proxy({} as CallErrors, {
  get:
    (_, code: keyof CallErrors) =>
    (...given: never[]) =>
      new Unexplained(code, (errors) => (errors[code] as (...given: never[]) => OllamaError)(...given)),
});

const explained = (error: unknown, failing: Failing) =>
  failing && error instanceof Unexplained ? error.explain(failing.callErrors) : error;

export const failuresWhenNeeded: Failures = {
  async retryDelayMs(error, ...given) {
    const failing = await load();
    return failing?.failures.retryDelayMs(explained(error, failing), ...given);
  },
  async complete(error, ...given) {
    const failing = await load();
    const known = explained(error, failing);
    return failing ? failing.failures.complete(known, ...given) : known;
  },
};

export const sleepWhenNeeded: Sleep = async (ms, signal) => (await load())?.sleep(ms, signal);
