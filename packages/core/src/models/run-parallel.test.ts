import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { runParallel } from './run-parallel.ts';

test('limits how many run at a time, and keeps the order', async () => {
  let running = 0;
  let most = 0;
  const results = await runParallel([30, 1, 10, 1], 2, undefined, async (ms) => {
    running += 1;
    most = Math.max(most, running);
    await sleep(ms);
    running -= 1;
    return ms;
  });
  expect(results).toEqual([30, 1, 10, 1]);
  expect(most).toBe(2);
});

test.each([0, -1, 0.5, Number.NaN])('a limit of %s is none: nothing is left out', async (limit) => {
  let running = 0;
  const results = await runParallel([1, 2, 3], limit, undefined, async () => {
    running += 1;
    await sleep(1);
    return running;
  });
  expect(results).toEqual([3, 3, 3]);
});

test('the first failure aborts the others, starts no further one, and is thrown after all have ended', async () => {
  const ended: number[] = [];
  const run = runParallel([1, 2, 3], 2, undefined, async (item, signal) => {
    if (item === 1) throw new RangeError('first');
    await sleep(10_000, undefined, { signal }).catch(() => {});
    ended.push(item);
  });
  await expect(run).rejects.toThrow('first');
  expect(ended).toEqual([2]);
});

test('an abort is thrown with its reason', async () => {
  const controller = new AbortController();
  const run = runParallel([1, 2], 1, controller.signal, async () => controller.abort(new RangeError('enough')));
  await expect(run).rejects.toThrow('enough');
});
