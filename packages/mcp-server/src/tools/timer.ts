/** A timer with a longer delay would fire at once. */
export const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Resolves when the time is over, or when the signal aborts. */
export function elapsed(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, Math.min(ms, LONGEST_TIMER_MS));
    signal.addEventListener('abort', done);
    if (signal.aborted) done();
  });
}
