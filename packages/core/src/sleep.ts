import type { Sleep } from './platform.ts';
import { MAX_DELAY_MS } from './timer.ts';

/** `Sleep` on the platform's timers. Not part of the neutral entry, which has no timers. */
export const sleep: Sleep = (ms, signal) =>
  new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(
      () => {
        signal.removeEventListener('abort', stop);
        resolve();
      },
      Math.min(ms, MAX_DELAY_MS),
    );
    signal.addEventListener('abort', stop, { once: true });
  });
