import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import type { TransportResponse } from '../../platform.ts';

/** Bytes that wait to be read before the connection is held back. */
const HIGH_WATER_BYTES = 256 * 1024;
/** Pieces that were read and are still kept, so that not each of them moves all others. */
const MAX_READ_KEPT = 1024;

/**
 * Takes one answer from undici's dispatcher. Its own `request` puts a Node stream around every body, which costs more
 * than all the rest of a small call; the client only needs to iterate it.
 */
export class AnswerHandler implements Dispatcher.DispatchHandler {
  /** Rejects when there is no answer. */
  readonly head: Promise<TransportResponse>;
  #resolveHead!: (head: TransportResponse) => void;
  #rejectHead!: (error: unknown) => void;
  readonly #signal: AbortSignal;
  readonly #body = new AnswerBody();

  constructor(signal: AbortSignal) {
    this.#signal = signal;
    this.head = new Promise((resolve, reject) => {
      this.#resolveHead = resolve;
      this.#rejectHead = reject;
    });
    // If the request is never sent, nobody waits for its answer.
    this.head.catch(() => {});
    signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // It was given up while it waited for a connection.
    if (this.#signal.aborted) controller.abort(this.#signal.reason);
    else this.#body.controller = controller;
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    // Informational, such as 103: the answer is still to come.
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

/** The bytes of one answer; leaving the iteration closes the connection. */
class AnswerBody implements AsyncIterableIterator<Uint8Array> {
  controller: Dispatcher.DispatchController | undefined;
  #chunks: Uint8Array[] = [];
  /** How many of them have been read: taking one off the front of a long array costs as much as the array is long. */
  #read = 0;
  #bytes = 0;
  #ended = false;
  #failure: { error: unknown } | undefined;
  #reader: { resolve: (result: IteratorResult<Uint8Array>) => void; reject: (error: unknown) => void } | undefined;

  push(bytes: Uint8Array): void {
    if (this.#reader) {
      this.#reader.resolve({ done: false, value: bytes });
      this.#reader = undefined;
      return;
    }
    this.#chunks.push(bytes);
    this.#bytes += bytes.length;
    if (this.#bytes > HIGH_WATER_BYTES) this.controller?.pause();
  }

  end(): void {
    this.#ended = true;
    this.#reader?.resolve({ done: true, value: undefined });
    this.#reader = undefined;
  }

  fail(error: unknown): void {
    this.#failure ??= { error };
    this.#reader?.reject(this.#failure.error);
    this.#reader = undefined;
  }

  abort(reason: unknown): void {
    if (this.#ended) return;
    this.fail(reason);
    this.controller?.abort(reason instanceof Error ? reason : new Error('aborted', { cause: reason }));
  }

  next(): Promise<IteratorResult<Uint8Array>> {
    const value = this.#chunks[this.#read];
    if (value) {
      this.#read += 1;
      if (this.#read === this.#chunks.length || this.#read >= MAX_READ_KEPT) {
        this.#chunks = this.#chunks.slice(this.#read);
        this.#read = 0;
      }
      this.#bytes -= value.length;
      if (this.#bytes <= HIGH_WATER_BYTES && this.controller?.paused) this.controller.resume();
      return Promise.resolve({ done: false, value });
    }
    if (this.#failure) return Promise.reject(this.#failure.error);
    if (this.#ended) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve, reject) => {
      this.#reader = { resolve, reject };
    });
  }

  async return(): Promise<IteratorResult<Uint8Array>> {
    this.#chunks = [];
    this.#read = 0;
    this.abort(new Error('the answer was left'));
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

/** A header that came several times is one list, as in HTTP. */
function flatten(headers: IncomingHttpHeaders): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined) flat[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
}
