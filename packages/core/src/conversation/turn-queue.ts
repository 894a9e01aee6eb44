import { unlessAborted } from '../http/abort-signals.ts';

/** Lets one turn of a conversation in at a time, in the order they came. */
export class TurnQueue {
  #last: Promise<void> = Promise.resolve();

  /**
   * Waits until the turns before this one are over. Call what it gives when this one is.
   *
   * @throws the signal's reason, when it aborts first.
   */
  async enter(signal: AbortSignal): Promise<() => void> {
    const before = this.#last;
    let leave = () => {};
    const over = new Promise<void>((resolve) => {
      leave = resolve;
    });
    this.#last = before.then(() => over);
    try {
      await unlessAborted(before, signal);
      return leave;
    } catch (reason) {
      leave();
      throw reason;
    }
  }
}
