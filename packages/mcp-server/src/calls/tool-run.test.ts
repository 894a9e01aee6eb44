import { expect, test } from 'vitest';
import * as z from 'zod';
import { defineTool, readOnly } from '../tools/tool.ts';
import type { SoFar, ToolContext } from '../tools/tool-context.ts';
import { ToolRun } from './tool-run.ts';

interface Parts {
  readOnlyHint?: boolean;
  fieldNeeds?: Record<string, 'output' | 'files'>;
  run?: (context: ToolContext) => void;
}

const start = (args: Record<string, unknown>, { readOnlyHint = true, fieldNeeds = {}, run }: Parts = {}) =>
  new ToolRun(
    defineTool({
      name: 'ollama_test',
      title: 'Test',
      description: 'Test',
      input: z.looseObject({}),
      output: z.object({}),
      annotations: { ...readOnly, readOnlyHint },
      toolset: 'inference',
      fieldNeeds,
      run: async (_, context) => {
        run?.(context);
        return {};
      },
    }),
    args,
    (own) => own as ToolContext,
  );

test.each([
  [{ model: 'm' }, 'm'],
  [{ model: 5 }, undefined],
  [{ name: 'm' }, undefined],
])('the model of a call with %j is %s', (args, model) => {
  expect(start(args).model).toBe(model);
});

test('a call only answers unless its tool changes something or it names a file to write', () => {
  const writing = { readOnlyHint: false, fieldNeeds: { output: 'output', copy: 'output', files: 'files' } } as const;
  expect(start({ output: 'a' }).onlyAnswers).toBe(true);
  expect(start({}, { readOnlyHint: false }).onlyAnswers).toBe(false);
  expect(start({}, { readOnlyHint: false, fieldNeeds: { files: 'files' } }).onlyAnswers).toBe(false);
  expect(start({ files: ['a'] }, writing).onlyAnswers).toBe(true);
  for (const args of [{ output: 'a' }, { copy: 'a' }]) expect(start(args, writing).onlyAnswers).toBe(false);
});

test('a run that has ended cannot be cancelled', async () => {
  const run = start({});
  expect(await run.ended).toEqual({ value: {} });
  run.cancel('too late');
  expect([run.isCancelled, run.cancelReason]).toEqual([false, undefined]);
});

test('a run says how far it is', async () => {
  const run = start({}, { run: ({ progress }) => progress.report(1, '1 token') });
  expect(run.howFar).toBe('');
  await run.ended;
  expect(run.howFar).toBe('1 token');
  expect(Math.abs(run.updatedAt - Date.now())).toBeLessThan(60_000);
});

test.each<[string, Partial<SoFar>, boolean]>([
  ['always, if the answer so far need not be worth it', {}, false],
  ['if it is worth it', { isWorthIt: () => true }, true],
])('a run over its time is overdue %s', async (_, soFar, mustBeWorthIt) => {
  const run = start({}, { run: ({ partial }) => partial({ value: () => ({}), ...soFar }) });
  await run.overdue(1, mustBeWorthIt, new AbortController().signal);
});

test('a run gets its time again until its answer is worth it, or the call ends', async () => {
  const call = new AbortController();
  const looks = [false, false, true, false];
  const isWorthIt = () => looks.shift() ?? true;
  const run = start({}, { run: ({ partial }) => partial({ value: () => ({}), isWorthIt }) });
  await run.overdue(1, true, call.signal);
  expect(looks).toEqual([false]);
  call.abort();
  await run.overdue(1, true, call.signal);
  expect(looks).toEqual([]);
});

test('an answer that cannot say whether it is worth it is not', async () => {
  const run = start({}, { run: ({ partial }) => partial({ value: () => ({}) }) });
  const call = new AbortController();
  call.abort();
  await run.overdue(1, true, call.signal);
  await run.ended;
});
