import type { SignalLike } from '../platform.ts';

/**
 * Cancels a piece of work. It is itself a `SignalLike`. A real AbortSignal is made only on request, since an
 * AbortController and its events cost more than everything else in a small call.
 */
export class Cancel implements SignalLike {
  #aborted = false;
  #reason: unknown;
  #listeners: (() => void)[] = [];
  #controller: AbortController | undefined;

  get aborted(): boolean {
    return this.#aborted;
  }

  get reason(): unknown {
    return this.#reason;
  }

  /** Aborts with this reason. */
  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController();
      if (this.#aborted) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  abort(reason: unknown): void {
    if (this.#aborted) return;
    this.#aborted = true;
    this.#reason = reason;
    this.#controller?.abort(reason);
    const listeners = this.#listeners;
    // Stryker disable next-line ArrayDeclaration: nobody is called any more
    this.#listeners = [];
    for (const listener of listeners) listener();
  }

  addEventListener(_: 'abort', listener: () => void): void {
    this.#listeners.push(listener);
  }

  removeEventListener(_: 'abort', listener: () => void): void {
    const index = this.#listeners.indexOf(listener);
    if (index >= 0) this.#listeners.splice(index, 1);
  }
}

/** For APIs that need a real AbortSignal. */
export const realSignal = (signal: SignalLike): AbortSignal =>
  signal instanceof Cancel ? signal.signal : (signal as AbortSignal);
