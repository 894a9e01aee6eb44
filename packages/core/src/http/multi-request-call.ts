import type { CallFacts } from '../errors/call-facts.ts';
import { cancelled } from '../errors/cancelled.ts';
import { OllamaError } from '../errors/errors.ts';
import type { CallOptions } from '../options.ts';
import type { Route } from '../wire/route.ts';
import { linkSignals } from './abort-signals.ts';
import type { ClientContext } from './client-context.ts';
import { Deadlines, timeoutsOf } from './deadlines.ts';
import { readCallOptions } from './known-options.ts';

/** A call of several requests and the work between them, under one signal and one total deadline. Always `end` it. */
export class MultiRequestCall {
  /** Aborts when the caller cancels, leaves the stream, or the deadline passes. */
  readonly signal: AbortSignal;
  readonly #call: CallOptions;
  readonly #facts: CallFacts;
  readonly #deadlines: Deadlines;
  readonly #unlink: () => void;
  readonly #controller = new AbortController();
  /** What ended the call from inside: its deadline or a hook. */
  #failed: OllamaError | undefined;

  constructor(client: ClientContext, route: Route, model: string | undefined, given: CallOptions, left?: AbortSignal) {
    const call = readCallOptions(given);
    this.#call = call;
    this.#facts = { url: client.url, method: route.method, path: route.path, model, errors: client.errors };
    const { signal, unlink } = linkSignals(this.#controller.signal, call.signal, left);
    this.signal = signal;
    this.#unlink = unlink;
    const { totalMs } = timeoutsOf(route, client.timeouts, call.timeouts);
    const onlyTotal = { connectMs: 0, firstByteMs: 0, idleMs: 0, totalMs };
    this.#deadlines = new Deadlines(onlyTotal, this.#facts, client.clock, this.fail);
  }

  /** Ends the call with this error. */
  readonly fail = (error: OllamaError) => {
    this.#failed ??= error;
    this.#controller.abort(error);
  };

  /** The options of one of its requests. */
  part(signal = this.signal): CallOptions {
    return { ...this.#call, signal, timeouts: { ...this.#call.timeouts, totalMs: 0 } };
  }

  /** The error to throw: what ended the call, rather than the failures that followed from it. */
  failure(error: unknown): unknown {
    if (this.#failed) {
      if (error instanceof OllamaError) Object.assign(this.#failed, { partial: error.partial });
      return this.#failed;
    }
    if (!this.signal.aborted || error instanceof OllamaError) return error;
    return cancelled(this.#facts, this.signal.reason);
  }

  end(): void {
    this.#deadlines.end();
    this.#unlink();
  }
}
