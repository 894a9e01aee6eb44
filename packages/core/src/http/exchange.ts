import type { CallFacts } from '../errors/call-facts.ts';
import { type ErrorPhase, OllamaError } from '../errors/ollama-error.ts';
import type { CallOptions } from '../options.ts';
import { isLight, type TransportRequest, type TransportResponse } from '../platform.ts';
import type { Route } from '../wire/route.ts';
import { onAbort } from './abort-signals.ts';
import { Cancel } from './cancel.ts';
import type { ClientContext } from './client-context.ts';
import { type AllTimeouts, Deadlines, timeoutsOf } from './deadlines.ts';
import type { Slot } from './slot.ts';
import { leaveBody, openBody, type PieceSource } from './transport-response.ts';

/** How long a connection may take to end after a complete response before it is closed instead of pooled. */
const DRAIN_MS = 250;
/** If the end of a body has arrived already, it shows within fewer turns of the microtask queue. */
const TURNS_BEFORE_TIMER = 20;

/** A prepared call: `path` differs from the route's if it contains a digest. */
export interface Outgoing {
  route: Route;
  path?: string;
  model?: string | undefined;
  body?: TransportRequest['body'];
  /** Headers that the route itself needs. */
  headers?: Readonly<Record<string, string>>;
  /** Statuses that mean success. @default [200, 201], and 204 if the response is empty */
  accept?: readonly number[];
}

/** How much is read of an error response, to describe it, and of what follows a complete response. */
const MAX_ERROR_BYTES = 65_536;

/**
 * One call: waits for a slot, sends the request, retries if that helps, reads the response, and watches the deadlines
 * and the caller's signal. Turns every failure into an `OllamaError`. Always `end` it.
 */
export class Exchange {
  readonly facts: CallFacts;
  readonly #client: ClientContext;
  readonly #outgoing: Outgoing;
  readonly #call: CallOptions;
  readonly #timeouts: AllTimeouts;
  /** Cancels the current attempt; each attempt has its own. */
  #attempt = new Cancel();
  readonly #deadlines: Deadlines;
  /** Stops listening to the caller's signal. */
  readonly #unwatch: (() => void) | undefined;
  /** What ended the call from inside: a deadline or a hook. */
  #failed: OllamaError | undefined;
  /** Rejects the wait for the response headers. */
  #giveUp: ((reason: unknown) => void) | undefined;
  #body: PieceSource | undefined;
  /** Who waits for a piece of the body. */
  #onPiece: ((bytes: Uint8Array | undefined) => void) | undefined;
  #onFailure: ((error: unknown) => void) | undefined;
  #complete = false;
  /** Nobody waits for the response any more. */
  #ended = false;
  #slot: Slot | undefined;

  constructor(client: ClientContext, outgoing: Outgoing, given: CallOptions) {
    const { route } = outgoing;
    const call = client.readCall(given);
    this.#client = client;
    this.#outgoing = outgoing;
    this.#call = call;
    this.facts = {
      url: client.url,
      method: route.method,
      path: outgoing.path ?? route.path,
      model: outgoing.model,
      errors: client.errors,
    };
    this.#timeouts = timeoutsOf(route, client.timeouts, call.timeouts);
    const { signal } = call;
    this.#unwatch = signal && onAbort(signal, () => this.#abort(signal.reason));
    this.#deadlines = new Deadlines(this.#timeouts, this.facts, client.clock, this.#fail);
  }

  /** Aborts when the call is cancelled, a deadline passes, or the reader leaves the response. */
  get signal(): AbortSignal {
    return this.#attempt.signal;
  }

  /**
   * Waits for the headers of a successful response.
   *
   * @throws OllamaError for any other response, after the attempts that `retry` allows.
   */
  async open(): Promise<TransportResponse> {
    const { limits, retry, failures } = this.#client;
    const { route, model, body } = this.#outgoing;
    this.#throwIfOver('queue');
    try {
      const slot = limits.enter(route.runs ? model : undefined, this.#attempt);
      this.#slot = slot instanceof Promise ? await slot : slot;
    } catch (cause) {
      throw this.#failure(cause, 'queue');
    }
    // Bytes from a stream are gone once they are sent.
    const repeatable = route.once !== true && (body === undefined || typeof body === 'string');
    const policy = repeatable ? (this.#call.retry ?? retry ?? {}) : false;
    for (let attempt = 0; ; attempt += 1) {
      try {
        const response = await this.#send(attempt);
        this.#slot.answered();
        return response;
      } catch (error) {
        const delayMs = await failures.retryDelayMs(error, attempt, policy);
        if (delayMs === undefined || this.#ended) throw error;
        await this.#startOver(delayMs);
      }
    }
  }

  async #send(attempt: number): Promise<TransportResponse> {
    const { route, accept = route.answer === 'empty' ? [200, 201, 204] : [200, 201] } = this.#outgoing;
    let response: TransportResponse;
    const answered = this.#client.watch?.(this.facts, attempt, this.#fail);
    this.#deadlines.sent();
    try {
      response = await this.#head();
      this.#body = openBody(response, this.facts, this.#pieceCame, this.#bodyFailed);
    } catch (cause) {
      throw this.#failure(cause, 'firstByte');
    } finally {
      this.#deadlines.answered();
    }
    answered?.(response.status);
    this.#throwIfOver('firstByte');
    const isPage = /text\/html/i.test(response.headers['content-type'] ?? '');
    if (accept.includes(response.status) && !isPage) return response;
    throw this.facts.errors.server_error(this.facts, { ...response, text: await this.#errorText() });
  }

  /** Waits for the transport, but no longer than the attempt lasts: a custom transport may ignore the signal. */
  #head(): Promise<TransportResponse> {
    const { transport } = this.#client.platform;
    const { url, path } = this.facts;
    const { route, body, headers: own } = this.#outgoing;
    const attempt = this.#attempt;
    return new Promise((resolve, reject) => {
      this.#giveUp = reject;
      const request: TransportRequest = {
        method: route.method,
        url: url + path,
        headers: this.#client.headers.of(typeof body === 'string', own, this.#call.headers, this.facts),
        connectMs: this.#timeouts.connectMs,
        ...(body !== undefined && { body }),
      };
      const answer = isLight(transport) ? transport(request, attempt) : transport(request, attempt.signal);
      Promise.resolve(answer).then(resolve, reject);
      if (attempt.aborted) reject(attempt.reason);
    });
  }

  /** Closes the failed attempt and waits before the next one. */
  async #startOver(delayMs: number): Promise<void> {
    this.#closeAttempt();
    this.#attempt = new Cancel();
    this.#throwIfOver('retry');
    try {
      await this.#client.platform.sleep(delayMs, this.#attempt.signal);
    } catch (cause) {
      throw this.#failure(cause, 'retry');
    }
  }

  /** The body of an error response. A failure while reading it says less than the status, so it is ignored. */
  async #errorText(): Promise<string> {
    const decoder = new TextDecoder();
    let text = '';
    try {
      for (let bytes = await this.next(); bytes !== undefined; bytes = await this.next()) {
        text += decoder.decode(bytes, { stream: true });
        if (text.length > MAX_ERROR_BYTES) break;
      }
    } catch (error) {
      if (error instanceof OllamaError && error.code === 'aborted') throw error;
    }
    return text;
  }

  /** The next piece of the body, or undefined at its end. */
  next(): Promise<Uint8Array | undefined> {
    return new Promise((resolve, reject) => {
      this.pull(resolve, reject);
    });
  }

  /**
   * Calls back with the next piece of the body, or undefined at its end; immediately if it has arrived already. Streams
   * read this way because a promise per piece would cost as much as reading it. Ask for one piece at a time.
   */
  pull(onPiece: (bytes: Uint8Array | undefined) => void, onFailure: (error: unknown) => void): void {
    if (this.#attempt.aborted) onFailure(this.#failure(this.#attempt.reason, 'body'));
    // The body was read to its end.
    else if (!this.#body) onPiece(undefined);
    else {
      this.#onPiece = onPiece;
      this.#onFailure = onFailure;
      this.#deadlines.waiting();
      this.#body.pull();
    }
  }

  readonly #pieceCame = (body: PieceSource, bytes: Uint8Array | undefined) => {
    const onPiece = this.#onPiece;
    // From an attempt that is over, or was cancelled while this arrived.
    if (body !== this.#body || !onPiece) return;
    this.#onPiece = undefined;
    this.#onFailure = undefined;
    this.#deadlines.arrived();
    if (bytes === undefined) this.#complete = true;
    onPiece(bytes);
  };

  readonly #bodyFailed = (body: PieceSource, cause: unknown) => {
    if (body === this.#body) this.#failPull(cause);
  };

  #failPull(cause: unknown): void {
    const onFailure = this.#onFailure;
    this.#onPiece = undefined;
    this.#onFailure = undefined;
    onFailure?.(this.#failure(cause, 'body'));
  }

  /** The response is complete: waits briefly for the end of the body, so the connection can be reused. */
  async drain(): Promise<void> {
    let rest = 0;
    let isOver = false;
    let wake = () => {};
    const over = () => {
      isOver = true;
      wake();
    };
    const readOn = () =>
      this.pull((bytes) => {
        rest += bytes?.length ?? 0;
        if (bytes === undefined || rest >= MAX_ERROR_BYTES) over();
        else readOn();
      }, over);
    readOn();
    // The end usually came with the last piece. Then a timer would cost more than everything that is left to do.
    for (let turn = 0; turn < TURNS_BEFORE_TIMER && !isOver; turn += 1) await undefined;
    if (isOver) return;
    await new Promise<void>((resolve) => {
      const stop = this.#client.clock.timer(DRAIN_MS, resolve);
      wake = () => {
        stop();
        resolve();
      };
    });
  }

  /** Closes the connection unless the body is read to its end. Leaves no timer and no listener, and frees the slot. */
  end(): void {
    this.#ended = true;
    this.#deadlines.end();
    this.#unwatch?.();
    this.#closeAttempt();
    this.#slot?.leave();
  }

  #closeAttempt(): void {
    if (!this.#complete) {
      this.#abort('left');
      if (this.#body) leaveBody(this.#body.iterator);
    }
    this.#body = undefined;
    this.#complete = false;
  }

  #abort(reason: unknown): void {
    this.#attempt.abort(reason);
    this.#giveUp?.(reason);
    this.#failPull(reason);
  }

  readonly #fail = (error: OllamaError) => {
    this.#failed ??= error;
    this.#abort(error);
  };

  #throwIfOver(phase: ErrorPhase): void {
    if (this.#call.signal?.aborted || this.#failed) throw this.#failure(undefined, phase);
  }

  #failure(cause: unknown, phase: ErrorPhase): Error {
    const { signal } = this.#call;
    if (signal?.aborted) return this.facts.errors.aborted(this.facts, signal.reason, phase);
    if (this.#failed) return this.#failed;
    if (cause instanceof OllamaError) return cause;
    return this.facts.errors.connection_failed(this.facts, cause, phase, this.#timeouts.connectMs);
  }
}
