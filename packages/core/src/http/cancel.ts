import type { SignalLike } from '../platform.ts';

/**
 * Ends a piece of work. It is a signal for those who are content with a `SignalLike`; a real one is made when somebody
 * asks for it, since an AbortController with its events costs more than all else that a small call does here.
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

  /** Aborts with this. */
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

/** For what takes no other. */
export const realSignal = (signal: SignalLike): AbortSignal =>
  signal instanceof Cancel ? signal.signal : (signal as AbortSignal);
