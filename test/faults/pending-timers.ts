/** Timers that were set through the global `setTimeout` since, and that would keep the process alive. */
export interface PendingTimers extends Disposable {
  readonly count: number;
}

export function watchTimers(): PendingTimers {
  const { setTimeout: set, clearTimeout: clear } = globalThis;
  const pending = new Set<NodeJS.Timeout>();
  const watchedSet = (callback: (...args: unknown[]) => void, ms?: number, ...args: unknown[]) => {
    const timer = set(() => {
      pending.delete(timer);
      callback(...args);
    }, ms);
    pending.add(timer);
    return timer;
  };
  const watchedClear = (timer: NodeJS.Timeout | undefined) => {
    if (timer !== undefined) pending.delete(timer);
    clear(timer);
  };
  Object.assign(globalThis, { setTimeout: watchedSet, clearTimeout: watchedClear });
  return {
    get count() {
      return [...pending].filter((timer) => timer.hasRef()).length;
    },
    [Symbol.dispose]: () => Object.assign(globalThis, { setTimeout: set, clearTimeout: clear }),
  };
}
