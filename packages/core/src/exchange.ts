import { connectionError } from './connection-error.ts';
import { Deadlines, timeoutsOf } from './deadlines.ts';
import { type ErrorPhase, OllamaAbortError, type OllamaTimeoutError } from './errors.ts';
import { type CallFacts, where } from './hints.ts';
import type { Operation } from './operations.ts';
import type { CallOptions, Platform, Timeouts } from './options.ts';
import type { TransportRequest, TransportResponse } from './transport.ts';

/** How long a connection may take to end after an answer is complete, before it is closed instead of kept. */
const DRAIN_MS = 250;

/** What all calls of a client have in common. */
export interface Connection {
  platform: Platform;
  url: string;
  headers: Readonly<Record<string, string>>;
  timeouts: Timeouts | undefined;
  maxLineBytes: number;
}

/** A call made ready: `path` differs from the operation's where a digest is part of it. */
export interface Outgoing {
  operation: Operation;
  path?: string;
  model?: string | undefined;
  body?: TransportRequest['body'];
}

/**
 * One request and its answer: sends, reads, watches the deadlines and the caller's signal, and turns every failure into
 * an `OllamaError`. Always `end` it.
 */
export class Exchange {
  readonly facts: CallFacts;
  readonly #connection: Connection;
  readonly #outgoing: Outgoing;
  readonly #call: CallOptions;
  readonly #timeouts: Required<Timeouts>;
  readonly #controller = new AbortController();
  readonly #deadlines: Deadlines;
  #expired: OllamaTimeoutError | undefined;
  #body: AsyncIterator<Uint8Array> | undefined;
  #complete = false;

  constructor(connection: Connection, outgoing: Outgoing, call: CallOptions) {
    const { operation } = outgoing;
    this.#connection = connection;
    this.#outgoing = outgoing;
    this.#call = call;
    this.facts = {
      url: connection.url,
      method: operation.method,
      path: outgoing.path ?? operation.path,
      model: outgoing.model,
    };
    this.#timeouts = timeoutsOf(operation, connection.timeouts, call.timeouts);
    this.#deadlines = new Deadlines(this.#timeouts, this.facts, connection.platform, (error) => {
      this.#expired = error;
      this.#controller.abort(error);
    });
    call.signal?.addEventListener('abort', this.#onAbort);
  }

  /** Sends the request and waits for the head of the answer. */
  async send(): Promise<TransportResponse> {
    if (this.#call.signal?.aborted) throw this.#failure(this.#call.signal.reason, 'connect');
    const { operation, body } = this.#outgoing;
    const request: TransportRequest = {
      method: operation.method,
      url: this.facts.url + this.facts.path,
      headers: this.#headers(),
      connectMs: this.#timeouts.connectMs,
      ...(body !== undefined && { body }),
    };
    this.#deadlines.sent();
    try {
      const response = await this.#connection.platform.transport(request, this.#controller.signal);
      this.#body = response.body[Symbol.asyncIterator]();
      this.#deadlines.answered();
      return response;
    } catch (cause) {
      throw this.#failure(cause, 'firstByte');
    }
  }

  /** The next piece of the body, or nothing at its end. */
  async next(): Promise<Uint8Array | undefined> {
    this.#deadlines.waiting();
    let result: IteratorResult<Uint8Array> | undefined;
    try {
      result = await this.#body?.next();
    } catch (cause) {
      throw this.#failure(cause, 'body');
    }
    this.#deadlines.arrived();
    if (this.#controller.signal.aborted) throw this.#failure(this.#controller.signal.reason, 'body');
    if (result?.done !== false) {
      this.#complete = true;
      return undefined;
    }
    return result.value;
  }

  /** The answer is complete: waits a moment for the end of the body, so that the connection can be used again. */
  async drain(): Promise<void> {
    const patience = new AbortController();
    const tooLate = this.#connection.platform.sleep(DRAIN_MS, patience.signal).then(
      () => true,
      () => false,
    );
    const drained = (async () => {
      while ((await this.next()) !== undefined);
      return false;
    })().catch(() => true);
    await Promise.race([tooLate, drained]);
    patience.abort();
  }

  /** Closes the connection unless the body is read to its end; leaves no timer and no listener. */
  end(): void {
    this.#deadlines.end();
    this.#call.signal?.removeEventListener('abort', this.#onAbort);
    if (this.#complete) return;
    this.#controller.abort();
    // A body that nobody reads any more must not raise an unhandled rejection.
    this.#body?.return?.().catch(() => {});
  }

  readonly #onAbort = () => this.#controller.abort(this.#call.signal?.reason);

  #headers(): Record<string, string> {
    return {
      ...(typeof this.#outgoing.body === 'string' && { 'content-type': 'application/json' }),
      ...this.#connection.headers,
      ...lowerCaseNames(this.#call.headers),
    };
  }

  #failure(cause: unknown, phase: ErrorPhase): Error {
    if (this.#call.signal?.aborted) {
      return new OllamaAbortError(`The call was cancelled (${where(this.facts)}).`, {
        code: 'aborted',
        model: this.facts.model,
        phase,
        cause: this.#call.signal.reason,
      });
    }
    return this.#expired ?? connectionError(cause, phase, this.facts, this.#timeouts.connectMs);
  }
}

/** Header names compare without regard to case, so they are kept in one. */
export function lowerCaseNames(headers: Readonly<Record<string, string>> | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
}
