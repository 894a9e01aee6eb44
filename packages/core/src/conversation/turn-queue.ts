import { unlessAborted } from '../http/abort-signals.ts';

/** Runs one turn of a conversation at a time, in the order they came. */
export class TurnQueue {
  #last: Promise<void> = Promise.resolve();

  /**
   * Waits until all earlier turns are over. Call the returned function when this one is over.
   *
   * @throws the signal's reason if it aborts first.
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
