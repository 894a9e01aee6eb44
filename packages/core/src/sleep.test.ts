import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { sleep } from './sleep.ts';
import { timer } from './timer.ts';

const { signal: never } = new AbortController();

test('ends after its time', async () => {
  const begin = performance.now();
  await sleep(20, never);
  expect(performance.now() - begin).toBeGreaterThan(15);
});

test.each([2 ** 31, Number.MAX_SAFE_INTEGER])(
  'a delay of %d ms is too long for a timer, but does not end at once',
  async (ms) => {
    const controller = new AbortController();
    const long = sleep(ms, controller.signal);
    // A timer that is set later ends later.
    const first = await Promise.race([long.then(() => 'long'), sleep(20, never).then(() => 'short')]);
    controller.abort(new RangeError('enough'));
    expect(first).toBe('short');
    await expect(long).rejects.toThrow('enough');
  },
);

test('an abort ends it, with the signal’s reason', async () => {
  const controller = new AbortController();
  const waiting = sleep(60_000, controller.signal);
  controller.abort(new RangeError('enough'));
  await expect(waiting).rejects.toThrow('enough');
  await expect(sleep(0, controller.signal)).rejects.toThrow('enough');
});

test('leaves no timer and no listener', async () => {
  const timersNow = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  const before = timersNow();
  const controller = new AbortController();
  const waiting = sleep(60_000, controller.signal);
  controller.abort();
  await expect(waiting).rejects.toThrow();
  await sleep(1, never);
  expect(getEventListeners(never, 'abort')).toEqual([]);
  expect(timersNow()).toBeLessThanOrEqual(before);
});

test.each([2 ** 31, Number.MAX_SAFE_INTEGER])('a timer of %d ms does not fire at once', async (ms) => {
  const ended: string[] = [];
  const stop = timer(ms, () => ended.push('long'));
  await new Promise<void>((resolve) => {
    timer(5, () => {
      ended.push('short');
      resolve();
    });
  });
  stop();
  expect(ended).toEqual(['short']);
});

test('a cleared timer does not fire', async () => {
  const ended: string[] = [];
  timer(0, () => ended.push('stopped'))();
  await sleep(5, never);
  expect(ended).toEqual([]);
});
