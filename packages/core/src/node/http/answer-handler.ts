import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import { type CallbackBody, pullPiece, type SignalLike, type TransportResponse } from '../../platform.ts';

/** How many bytes may wait to be read before the connection is paused. */
const HIGH_WATER_BYTES = 256 * 1024;

/**
 * Receives one response from undici's dispatcher. undici's own `request` wraps every body in a Node stream, which costs
 * more than everything else in a small call; the client only needs to iterate it.
 */
export class AnswerHandler implements Dispatcher.DispatchHandler {
  /** Rejects if there is no response. */
  readonly head: Promise<TransportResponse>;
  #resolveHead!: (head: TransportResponse) => void;
  #rejectHead!: (error: unknown) => void;
  readonly #signal: SignalLike;
  readonly #body = new AnswerBody();

  constructor(signal: SignalLike) {
    this.#signal = signal;
    this.head = new Promise((resolve, reject) => {
      this.#resolveHead = resolve;
      this.#rejectHead = reject;
    });
    // If the request is never sent, nobody waits for its response.
    this.head.catch(() => {});
    signal.addEventListener('abort', this.#onAbort);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // It was cancelled while it waited for a connection.
    if (this.#signal.aborted) controller.abort(asError(this.#signal.reason));
    else this.#body.controller = controller;
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    // Informational, such as 103: the response is still to come.
    if (status < 200) return;
    this.#resolveHead({ status, headers: flatten(headers), body: this.#body });
  }

  onResponseData(_: Dispatcher.DispatchController, bytes: Uint8Array): void {
    this.#body.push(bytes);
  }

  onResponseEnd(): void {
    this.#signal.removeEventListener('abort', this.#onAbort);
    this.#body.end();
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.#signal.removeEventListener('abort', this.#onAbort);
    this.#rejectHead(error);
    this.#body.fail(error);
  }

  readonly #onAbort = () => {
    this.#rejectHead(this.#signal.reason);
    this.#body.abort(this.#signal.reason);
  };
}

/**
 * The bytes of one response; leaving the iteration closes the connection. Everything that arrives together, which may
 * be many tokens, is one piece.
 */
class AnswerBody implements CallbackBody {
  controller: Dispatcher.DispatchController | undefined;
  #chunks: Uint8Array[] = [];
  #bytes = 0;
  #ended = false;
  #failure: { error: unknown } | undefined;
  #onPiece: ((bytes: Uint8Array | undefined) => void) | undefined;
  #onFailure: ((error: unknown) => void) | undefined;
  #waking = false;

  push(bytes: Uint8Array): void {
    this.#chunks.push(bytes);
    this.#bytes += bytes.length;
    if (this.#onPiece) this.#wake();
    else if (this.#bytes > HIGH_WATER_BYTES) this.controller?.pause();
  }

  end(): void {
    this.#ended = true;
    if (this.#onPiece) this.#wake();
  }

  fail(error: unknown): void {
    this.#failure ??= { error };
    if (this.#onPiece) this.#wake();
  }

  abort(reason: unknown): void {
    if (this.#ended) return;
    this.fail(reason);
    this.controller?.abort(asError(reason));
  }

  [pullPiece](onPiece: (bytes: Uint8Array | undefined) => void, onFailure: (error: unknown) => void): void {
    this.#onPiece = onPiece;
    this.#onFailure = onFailure;
    if (this.#chunks.length > 0 || this.#ended || this.#failure) this.#give();
  }

  next(): Promise<IteratorResult<Uint8Array>> {
    return new Promise((resolve, reject) => {
      const onPiece = (value: Uint8Array | undefined) =>
        resolve(value ? { done: false, value } : { done: true, value: undefined });
      this[pullPiece](onPiece, reject);
    });
  }

  async return(): Promise<IteratorResult<Uint8Array>> {
    this.#chunks = [];
    this.abort(new Error('the answer was left'));
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /**
   * Runs once the parser has handled all that arrived: it calls for each HTTP chunk, and a server sends one per token.
   */
  #wake(): void {
    if (this.#waking) return;
    this.#waking = true;
    void soon.then(this.#give);
  }

  readonly #give = () => {
    this.#waking = false;
    const onPiece = this.#onPiece;
    const onFailure = this.#onFailure;
    // Already delivered, because the reader asked for it in the meantime.
    if (!onPiece) return;
    this.#onPiece = undefined;
    this.#onFailure = undefined;
    if (this.#chunks.length > 0) {
      const bytes = this.#chunks.length === 1 ? this.#chunks[0] : Buffer.concat(this.#chunks, this.#bytes);
      this.#chunks = [];
      this.#bytes = 0;
      if (this.controller?.paused) this.controller.resume();
      onPiece(bytes);
    } else if (this.#failure) onFailure?.(this.#failure.error);
    else onPiece(undefined);
  };
}

/** Node's `queueMicrotask` costs four times as much. */
const soon = Promise.resolve();

const asError = (reason: unknown) => (reason instanceof Error ? reason : new Error('aborted', { cause: reason }));

/** A repeated header becomes one comma-separated list, as in HTTP. */
function flatten(headers: IncomingHttpHeaders): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined) flat[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
}
