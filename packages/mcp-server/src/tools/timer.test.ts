import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { elapsed, LONGEST_TIMER_MS } from './timer.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Whether it is over, after what is due has run. */
async function isOver(wait: Promise<void>): Promise<boolean> {
  let over = false;
  void wait.then(() => {
    over = true;
  });
  await vi.advanceTimersByTimeAsync(0);
  return over;
}

test('it is over when the time is, and leaves no listener', async () => {
  const { signal } = new AbortController();
  const removed = vi.spyOn(signal, 'removeEventListener');
  const wait = elapsed(1000, signal);
  await vi.advanceTimersByTimeAsync(999);
  expect(await isOver(wait)).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(await isOver(wait)).toBe(true);
  expect(removed).toHaveBeenCalledTimes(1);
});

test('an abort ends it and its timer', async () => {
  const controller = new AbortController();
  const wait = elapsed(1000, controller.signal);
  controller.abort();
  expect(await isOver(wait)).toBe(true);
  expect(vi.getTimerCount()).toBe(0);
  expect(await isOver(elapsed(1000, controller.signal))).toBe(true);
  expect(vi.getTimerCount()).toBe(0);
});

test('a time that no timer holds does not end at once', async () => {
  const wait = elapsed(LONGEST_TIMER_MS * 2, new AbortController().signal);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(await isOver(wait)).toBe(false);
});
