import { cancelled } from '../errors/cancelled.ts';
import { OllamaError, type OllamaTimeoutError } from '../errors/errors.ts';
import type { CallFacts } from '../errors/hints.ts';
import type { CallOptions } from '../options.ts';
import type { Route } from '../wire/routes.ts';
import type { ClientContext } from './client-context.ts';
import { Deadlines, timeoutsOf } from './deadlines.ts';

/** A call of several requests and work between them, under one signal and one total deadline. Always `end` it. */
export class MultiRequestCall {
  /** Aborts when the caller gives up, leaves the stream, or the time is over. */
  readonly signal: AbortSignal;
  readonly #call: CallOptions;
  readonly #facts: CallFacts;
  readonly #deadlines: Deadlines;
  #expired: OllamaTimeoutError | undefined;

  constructor(client: ClientContext, route: Route, model: string | undefined, call: CallOptions, left?: AbortSignal) {
    this.#call = call;
    this.#facts = { url: client.url, method: route.method, path: route.path, model };
    const controller = new AbortController();
    this.signal = AbortSignal.any([controller.signal, call.signal, left].filter((signal) => signal !== undefined));
    const { totalMs } = timeoutsOf(route, client.timeouts, call.timeouts);
    const onlyTotal = { connectMs: 0, firstByteMs: 0, idleMs: 0, totalMs };
    this.#deadlines = new Deadlines(onlyTotal, this.#facts, client.platform, (error) => {
      this.#expired = error;
      controller.abort(error);
    });
  }

  /** The options of one of its requests. */
  part(signal = this.signal): CallOptions {
    return { ...this.#call, signal, timeouts: { ...this.#call.timeouts, totalMs: 0 } };
  }

  /** The error to give for one that came up: what ended the call counts, not what that led to. */
  failure(error: unknown): unknown {
    if (this.#expired) {
      if (error instanceof OllamaError) Object.assign(this.#expired, { partial: error.partial });
      return this.#expired;
    }
    if (!this.signal.aborted || error instanceof OllamaError) return error;
    return cancelled(this.#facts, this.signal.reason);
  }

  end(): void {
    this.#deadlines.end();
  }
}
