import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { elapsed, LONGEST_TIMER_MS } from './timer.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Whether the wait is over, after all due timers have run. */
async function isOver(wait: Promise<void>): Promise<boolean> {
  let over = false;
  void wait.then(() => {
    over = true;
  });
  await vi.advanceTimersByTimeAsync(0);
  return over;
}

test('a wait ends after its time, and leaves no listener', async () => {
  const { signal } = new AbortController();
  const wait = elapsed(1000, signal);
  await vi.advanceTimersByTimeAsync(999);
  expect(await isOver(wait)).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(await isOver(wait)).toBe(true);
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

test('an abort ends the wait and its timer', async () => {
  const controller = new AbortController();
  const wait = elapsed(1000, controller.signal);
  controller.abort();
  expect(await isOver(wait)).toBe(true);
  expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
  expect(await isOver(elapsed(1000, controller.signal))).toBe(true);
  expect(vi.getTimerCount()).toBe(0);
});

test('a time too long for a timer does not end at once', async () => {
  const wait = elapsed(LONGEST_TIMER_MS * 2, new AbortController().signal);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(await isOver(wait)).toBe(false);
});
