import type { Platform, Timer } from '../platform.ts';

/** The platform's timer, or one made of its `sleep`. */
export const timerOf = ({ timer, sleep }: Pick<Platform, 'timer' | 'sleep'>): Timer =>
  timer ??
  ((ms, callback) => {
    const stop = new AbortController();
    const wait = async () => {
      try {
        await sleep(ms, stop.signal);
      } catch {
        return;
      }
      callback();
    };
    void wait();
    // Nobody sees this reason. Without one, each abort would create an error with a stack, which costs as much as the
    // rest.
    return () => stop.abort('over');
  });
