import { afterEach, describe, expect, test, vi } from 'vitest';
import * as z from 'zod';
import { ToolRun } from '../calls/tool-run.ts';
import { MemoryBudget, weigh } from '../tools/memory-budget.ts';
import type { Refusal } from '../tools/refusal.ts';
import { defineTool, readOnly } from '../tools/tool.ts';
import type { ToolContext } from '../tools/tool-context.ts';
import { Jobs } from './jobs.ts';

const MINUTE = 60_000;

afterEach(() => {
  vi.useRealTimers();
});

/** A run that ends when the test ends it, or when it is cancelled. */
function startRun({ changes = false, output = '' } = {}) {
  let end = () => {};
  const reported = new Promise<void>((resolve) => {
    end = resolve;
  });
  const tool = defineTool({
    name: 'ollama_test',
    title: 'Test',
    description: 'Test',
    input: z.strictObject({}),
    output: z.object({}),
    annotations: { ...readOnly, readOnlyHint: !changes },
    toolset: 'inference',
    ...(output !== '' && { fieldNeeds: { [output]: 'output' } }),
    run: (_, { signal }) =>
      new Promise((resolve, reject) => {
        void reported.then(() => resolve({}));
        signal.addEventListener('abort', () => reject(signal.reason));
      }),
  });
  const run = new ToolRun(tool, { file: 'x.jsonl' }, (own) => own as ToolContext);
  return { run, end };
}

test('a job expires fifteen minutes after its end, and not before', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const jobs = new Jobs();
  const { run, end } = startRun();
  const id = jobs.add(run) ?? '';
  vi.advanceTimersByTime(60 * MINUTE);
  expect(jobs.get(id)).toBe(run);
  end();
  await run.ended;
  vi.advanceTimersByTime(15 * MINUTE);
  expect(jobs.get(id)).toBe(run);
  vi.advanceTimersByTime(1);
  expect(jobs.list()).toEqual([]);
  expect(() => jobs.get(id)).toThrow(`There is no job ${id}.`);
});

test('a job that has expired cannot be asked for, also if nobody has listed the jobs since', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const jobs = new Jobs();
  const { run, end } = startRun();
  const id = jobs.add(run) ?? '';
  end();
  await run.ended;
  vi.advanceTimersByTime(15 * MINUTE + 1);
  expect(jobs.peek(id)).toBeUndefined();
});

test('if there are too many jobs, one that has ended is dropped, but never one that runs', async () => {
  const jobs = new Jobs();
  const runs = Array.from({ length: 32 }, startRun);
  const ids = runs.map(({ run }) => jobs.add(run) ?? '');
  expect(new Set(ids).size).toBe(32);
  expect(jobs.add(startRun().run)).toBeUndefined();
  runs[5]?.end();
  await runs[5]?.run.ended;
  expect(jobs.add(startRun().run)).toBeDefined();
  expect(() => jobs.get(ids[5] ?? '')).toThrow('There is no job');
  expect(jobs.get(ids[0] ?? '')).toBe(runs[0]?.run);
});

test('a job that nobody asks for ends after ten minutes, with the reason', async () => {
  vi.useFakeTimers();
  const jobs = new Jobs();
  const { run } = startRun();
  const id = jobs.add(run) ?? '';
  // It has begun.
  await Promise.resolve();
  vi.advanceTimersByTime(10 * MINUTE - 1);
  // Listing jobs does not count as asking for one.
  expect(jobs.list()).toEqual([[id, run]]);
  expect(run.isCancelled).toBe(false);
  vi.advanceTimersByTime(1);
  expect(run.isCancelled).toBe(true);
  expect(run.cancelReason).toMatchObject({
    message: 'Nobody has asked for this job for 10 minutes, so it was ended.',
    hint: 'Make the call again.',
  });
  await run.ended;
  expect(jobs.get(id)).toBe(run);
});

test('a job continues as long as it is asked for or waited for, or if it changes something', async () => {
  vi.useFakeTimers();
  const jobs = new Jobs();
  const { run } = startRun();
  const changing = startRun({ changes: true }).run;
  const [id = '', other = ''] = [jobs.add(run), jobs.add(changing)];
  await Promise.resolve();
  for (let round = 0; round < 3; round++) {
    vi.advanceTimersByTime(10 * MINUTE - 1);
    for (const one of [id, other]) jobs.get(one);
  }
  const releases = [jobs.hold(id), jobs.hold(id)];
  for (const release of releases) {
    jobs.get(id);
    vi.advanceTimersByTime(60 * MINUTE);
    release();
  }
  vi.advanceTimersByTime(10 * MINUTE - 1);
  expect(run.isCancelled).toBe(false);
  vi.advanceTimersByTime(1);
  expect(run.isCancelled).toBe(true);
  await run.ended;
  expect(jobs.get(id)).toBe(run);
  expect(changing.isCancelled).toBe(false);
  expect(vi.getTimerCount()).toBe(0);
});

test('jobs that have ended leave no timer, and neither does a closed server', async () => {
  vi.useFakeTimers();
  const jobs = new Jobs();
  const { run, end } = startRun();
  jobs.add(run);
  jobs.add(startRun().run);
  expect(vi.getTimerCount()).toBe(2);
  end();
  await run.ended;
  expect(vi.getTimerCount()).toBe(1);
  jobs.close();
  expect(vi.getTimerCount()).toBe(0);
});

test('closing ends all jobs', async () => {
  const jobs = new Jobs();
  const { run } = startRun();
  jobs.add(run);
  // It has begun.
  await Promise.resolve();
  jobs.close();
  expect(await run.ended).toEqual({ error: 'the server ends' });
  expect(run.isCancelled).toBe(true);
  expect(jobs.list()).toEqual([]);
});

test('a job that writes to a file continues even if nobody asks for it', async () => {
  vi.useFakeTimers();
  const jobs = new Jobs();
  // A tool that may write is not declared read-only.
  const [writing, plain] = ['file', 'other'].map((output) => startRun({ changes: true, output }));
  for (const one of [writing, plain]) jobs.add(one!.run);
  await vi.advanceTimersByTimeAsync(11 * MINUTE);
  expect([writing, plain].map((one) => one?.run.isCancelled)).toEqual([false, true]);
  jobs.close();
});

describe('memory', () => {
  test('is taken by a running job, then by its answer until that expires', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const budget = new MemoryBudget();
    const jobs = new Jobs({ budget });
    const [{ run, end }, next] = [startRun(), startRun()];
    jobs.add(run);
    expect(budget.usedBytes).toBe(run.bytes);
    end();
    await run.ended;
    expect(budget.usedBytes).toBe(run.bytes + weigh({}));
    vi.advanceTimersByTime(15 * MINUTE + 1);
    jobs.add(next.run);
    expect(budget.usedBytes).toBe(next.run.bytes);
  });

  test('that others need is taken from a job that has ended, but never from one that runs', async () => {
    const [ended, running, next] = [startRun(), startRun(), startRun()];
    const answered = ended.run.bytes + weigh({});
    const budget = new MemoryBudget(answered + running.run.bytes);
    const jobs = new Jobs({ budget });
    const [first, second] = [jobs.add(ended.run), jobs.add(running.run)];
    ended.end();
    await ended.run.ended;
    expect(budget.take(answered)).toBeDefined();
    expect(() => jobs.get(first ?? '')).toThrow('There is no job');
    expect(jobs.get(second ?? '')).toBe(running.run);
    expect(jobs.add(next.run)).toBeUndefined();
  });

  test('is free once the jobs are closed', async () => {
    const budget = new MemoryBudget();
    const jobs = new Jobs({ budget });
    const [ended, running] = [startRun(), startRun()];
    for (const { run } of [ended, running]) jobs.add(run);
    ended.end();
    await ended.run.ended;
    jobs.close();
    expect(budget.usedBytes).toBe(0);
    await running.run.ended;
    expect(budget.usedBytes).toBe(0);
  });
});

describe('an id that is not known', () => {
  const hintOf = (jobs: Jobs) => {
    try {
      return jobs.get('x'.repeat(100));
    } catch (error) {
      expect(error).toMatchObject({ message: `There is no job ${'x'.repeat(64)}.` });
      return (error as Refusal).hint;
    }
  };

  test('gives an error with those that are', () => {
    const jobs = new Jobs();
    const kept = 'Jobs are kept 15 minutes after their end, and end with the server.';
    expect(hintOf(jobs)).toBe(`${kept} There are: none.`);
    const ids = [jobs.add(startRun().run), jobs.add(startRun().run)];
    expect(hintOf(jobs)).toBe(`${kept} There are: ${ids.join(', ')}.`);
    jobs.close();
  });

  test('gives no ids to clients that share the jobs, and neither does a list', () => {
    const jobs = new Jobs({ isListed: false });
    const { run } = startRun();
    const id = jobs.add(run) ?? '';
    expect(hintOf(jobs)).toBe('Jobs are kept 15 minutes after their end, and end with the server.');
    expect(jobs.list()).toEqual([]);
    expect(jobs.get(id)).toBe(run);
    jobs.close();
  });
});

test('a job says how long it is kept once it has ended, counted from its start', async () => {
  vi.useFakeTimers({ toFake: ['performance', 'Date'] });
  const jobs = new Jobs();
  vi.advanceTimersByTime(MINUTE);
  const { run, end } = startRun();
  const createdAt = Date.now();
  const id = jobs.add(run) ?? '';
  expect(jobs.find(id)).toEqual({ run, createdAt, ttlMs: null });
  vi.advanceTimersByTime(4 * MINUTE);
  end();
  await run.ended;
  vi.advanceTimersByTime(MINUTE);
  expect(jobs.find(id)).toEqual({ run, createdAt, ttlMs: 19 * MINUTE });
  expect(jobs.find('unknown')).toBeUndefined();
});

test('jobs are running until the last one ends', async () => {
  const jobs = new Jobs();
  expect(jobs.areRunning).toBe(false);
  const runs = [startRun(), startRun()];
  for (const { run, end } of runs) {
    jobs.add(run);
    expect(jobs.areRunning).toBe(true);
    end();
    await run.ended;
    expect(jobs.areRunning).toBe(false);
  }
});

test('looking at a job does not count as asking for it', () => {
  vi.useFakeTimers();
  const jobs = new Jobs();
  const { run } = startRun();
  expect(jobs.peek(jobs.add(run) ?? '')?.run).toBe(run);
  vi.advanceTimersByTime(10 * MINUTE);
  expect(run.isCancelled).toBe(true);
});
