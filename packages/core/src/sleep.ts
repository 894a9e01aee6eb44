import type { Sleep, Timer } from './platform.ts';

/** The longest delay a timer can hold. */
const MAX_DELAY_MS = 2 ** 31 - 1;

/** `Sleep` on the platform's timers. Not part of the neutral entry, which has none. */
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

/** `Timer` on the platform's timers. */
export const timer: Timer = (ms, callback) => {
  const running = setTimeout(callback, Math.min(ms, MAX_DELAY_MS));
  return () => clearTimeout(running);
};
