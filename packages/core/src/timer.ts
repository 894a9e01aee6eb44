import type { Timer } from './platform.ts';

/** The longest delay a timer can hold. */
export const MAX_DELAY_MS = 2 ** 31 - 1;

/** `Timer` on the platform's timers. */
export const timer: Timer = (ms, callback) => {
  const running = setTimeout(callback, Math.min(ms, MAX_DELAY_MS));
  return () => clearTimeout(running);
};
