import { setTimeout as sleep } from 'node:timers/promises';
import { ANSWER_MS } from './pace.ts';

/** Sends one request and reads the complete answer. Throws if that fails. */
export type Ask = (user: number) => Promise<void>;

export interface Load {
  /** Median and 95th percentile of the answer time, as multiples of the model's own time. */
  median: number;
  slow: number;
  answers: number;
  failures: number;
}

/** Simulates users who ask, read the answer, and ask again, for some seconds. */
export async function closedLoop(ask: Ask, users: number, seconds: number): Promise<Load> {
  const times: number[] = [];
  let failures = 0;
  const end = performance.now() + seconds * 1000;
  await Promise.all(
    Array.from({ length: users }, async (_, user) => {
      // They do not all start at the same time.
      await sleep((ANSWER_MS * user) / users);
      while (performance.now() < end) {
        const start = performance.now();
        await ask(user).then(
          () => times.push(performance.now() - start),
          () => {
            failures += 1;
          },
        );
      }
    }),
  );
  const sorted = times.toSorted((a, b) => a - b);
  const at = (part: number) => (sorted[Math.floor(part * (sorted.length - 1))] ?? Number.NaN) / ANSWER_MS;
  return { median: at(0.5), slow: at(0.95), answers: times.length, failures };
}
