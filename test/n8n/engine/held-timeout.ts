import { onTestFinished, vi } from 'vitest';

export interface HeldTimeout {
  /** Resolves when a node has set the timer, and none has been ended since. */
  set(): Promise<void>;
  /** Lets the timer end now. */
  end(): void;
}

/**
 * Holds each timer of exactly this length until the test ends it, so it does not matter how slow the machine is. Nodes
 * may use no timers but `AbortSignal.timeout`.
 */
export function holdTimeout(heldMs: number): HeldTimeout {
  const { timeout } = AbortSignal;
  let held: AbortController | undefined;
  let wake = () => {};
  const spy = vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
    if (ms !== heldMs) return timeout.call(AbortSignal, ms);
    held = new AbortController();
    wake();
    return held.signal;
  });
  onTestFinished(() => spy.mockRestore());
  return {
    set: () =>
      new Promise((resolve) => {
        wake = resolve;
        if (held) resolve();
      }),
    end: () => {
      const ending = held;
      held = undefined;
      ending?.abort();
    },
  };
}
