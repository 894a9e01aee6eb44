import { expect, test, vi } from 'vitest';
import { cutShort, ownBudgetMs } from './time-budget.ts';

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

test.each([
  ['without jobs', undefined, 'this server keeps no jobs'],
  ['with too many jobs', jobs(undefined), 'There are too many jobs'],
])('%s the call ends', (_, of, why) => {
  cancel.mockReset();
  const value = cutShort(run, of, 50_000);
  expect(value).not.toHaveProperty('job');
  expect(value['notices']).toContainEqual({ code: 'time_budget', message: expect.stringContaining(why) });
  expect(cancel).toHaveBeenCalledTimes(1);
});
