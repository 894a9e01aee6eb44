import { expect, test, vi } from 'vitest';
import { BecameTask, cutShort, namesBudget, ownBudgetMs, taskAfterMs } from './time-budget.ts';

test.each([
  [{ _wait_ms: 2000 }, 50_000, 2000],
  [{ _wait_ms: '2000' }, 50_000, 2000],
  [{ _wait_ms: 60_000 }, 50_000, 50_000],
  [{ _wait_ms: 2000 }, 0, 2000],
  [{ _wait_ms: 1 }, 50_000, 1],
  [{ _wait_ms: 0 }, 50_000, 50_000],
  [{ _wait_ms: -5 }, 50_000, 50_000],
  [{ _wait_ms: 'soon' }, 50_000, 50_000],
  [{}, 50_000, 50_000],
  [null, 50_000, 50_000],
  ['_wait_ms', 50_000, 50_000],
])('the time limit of a call with %j and at most %i ms is %i ms', (args, longest, own) => {
  expect(ownBudgetMs(args, longest)).toBe(own);
});

test.each([
  [{ _wait_ms: 1 }, true],
  [{ _wait_ms: 0 }, false],
  [{}, false],
])('whether %j sets a time limit: %s', (args, isNamed) => {
  expect(namesBudget(args)).toBe(isNamed);
});

test.each([
  [true, 50_000, 50_000],
  [false, 50_000, 2000],
  [false, 1000, 1000],
  [false, 0, 0],
])('a call that only answers (%s) with %i ms becomes a task after %i ms', (onlyAnswers, budget, after) => {
  expect(taskAfterMs({ onlyAnswers }, budget)).toBe(after);
  expect(new BecameTask('7').job).toBe('7');
});

const cancel = vi.fn();
const run = { soFar: () => ({ text: 'so far', notices: [{ code: 'x' }] }), cancel } as never;
const jobs = (job: string | undefined) => ({ add: () => job, ttlMinutes: 30 }) as never;

test('with jobs, the call continues and the rest can be collected', () => {
  cancel.mockReset();
  expect(cutShort(run, jobs('7'), 50_000)).toEqual({
    text: 'so far',
    job: '7',
    notices: [
      { code: 'x' },
      { code: 'time_budget', message: expect.stringMatching(/continues as job 7\..* kept for 30 minutes/) },
    ],
  });
  expect(cancel).not.toHaveBeenCalled();
});

test('a run without notices gets one', () => {
  const silent = { soFar: () => ({ text: 'so far' }), cancel } as never;
  expect(cutShort(silent, jobs('7'), 50_000)['notices']).toEqual([
    { code: 'time_budget', message: expect.stringContaining('job 7') },
  ]);
});

test.each([
  ['without jobs', undefined, 'this server keeps no jobs'],
  ['with too many jobs', jobs(undefined), 'There are too many jobs'],
])('%s the call ends', (_, of, why) => {
  cancel.mockReset();
  const value = cutShort(run, of, 50_000);
  expect(value).not.toHaveProperty('job');
  expect(value['notices']).toContainEqual({ code: 'time_budget', message: expect.stringContaining(why) });
  expect(cancel).toHaveBeenCalledExactlyOnceWith('the time budget of the call is over');
});
