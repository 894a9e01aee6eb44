import { expect, test } from 'vitest';
import * as z from 'zod';
import { ToolRun } from '../calls/tool-run.ts';
import { defineTool, readOnly } from '../tools/tool.ts';
import type { ToolContext } from '../tools/tool-context.ts';
import { Jobs } from './jobs.ts';

const MINUTE = 60_000;

/** A run that ends when it is told to, or cancelled. */
function startRun() {
  let end = () => {};
  const told = new Promise<void>((resolve) => {
    end = resolve;
  });
  const tool = defineTool({
    name: 'ollama_test',
    title: 'Test',
    description: 'Test',
    input: z.strictObject({}),
    output: z.object({}),
    annotations: readOnly,
    toolset: 'inference',
    run: (_, { signal }) =>
      new Promise((resolve, reject) => {
        void told.then(() => resolve({}));
        signal.addEventListener('abort', () => reject(signal.reason));
      }),
  });
  const run = new ToolRun(tool, {}, (own) => own as ToolContext);
  return { run, end };
}

test('a job is forgotten fifteen minutes after its end, and not before', async () => {
  let now = 0;
  const jobs = new Jobs(() => now);
  const { run, end } = startRun();
  const id = jobs.add(run) ?? '';
  now += 60 * MINUTE;
  expect(jobs.get(id)).toBe(run);
  end();
  await run.ended;
  now += 15 * MINUTE;
  expect(jobs.get(id)).toBe(run);
  now += 1;
  expect(() => jobs.get(id)).toThrow(`There is no job ${id}.`);
});

test('a full list gives up a job that has ended, and none that runs', async () => {
  const jobs = new Jobs(() => 0);
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

test('closing ends them all', async () => {
  const jobs = new Jobs();
  const { run } = startRun();
  jobs.add(run);
  // It has begun.
  await Promise.resolve();
  jobs.close();
  expect(await run.ended).toEqual({ error: 'the server ends' });
  expect(run.isCancelled).toBe(true);
});
