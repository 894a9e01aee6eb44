import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { timerOf } from './timer.ts';

test('the timer of the platform is used', () => {
  const timer = () => () => {};
  const sleep = async () => {};
  expect(timerOf({ timer, sleep })).toBe(timer);
});

test('without one, its sleep is', async () => {
  let wake = () => {};
  const slept: number[] = [];
  let calls = 0;
  const timer = timerOf({
    sleep: (ms) => {
      slept.push(ms);
      return new Promise((resolve) => {
        wake = resolve;
      });
    },
  });
  timer(50, () => (calls += 1));
  await setImmediate();
  expect({ slept, calls }).toEqual({ slept: [50], calls: 0 });
  wake();
  await setImmediate();
  expect(calls).toBe(1);
});

test('a timer that is stopped ends its sleep and never calls back', async () => {
  let reason: unknown;
  let calls = 0;
  const timer = timerOf({
    sleep: (_, signal) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => {
          reason = signal.reason;
          reject(signal.reason);
        });
      }),
  });
  timer(50, () => (calls += 1))();
  await setImmediate();
  expect({ reason, calls }).toEqual({ reason: 'over', calls: 0 });
});
