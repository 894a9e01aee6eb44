import { expect, test } from 'vitest';
import type { Progress, Run, ToolContext } from '../tool-context.ts';
import { job } from './job.ts';

test('a wait receives no progress after it is over', async () => {
  let target: Progress | undefined;
  let cancelled = false;
  const run: Run = {
    tool: 'ollama_chat',
    model: 'm',
    onlyAnswers: true,
    bytes: 0,
    ended: new Promise(() => {}),
    outcome: undefined,
    isCancelled: false,
    cancelReason: undefined,
    howFar: '',
    updatedAt: 0,
    soFar: () => ({ text: 'Half', partial: true }),
    tell: (progress) => {
      target = progress;
    },
    cancel: () => {
      cancelled = true;
    },
  };
  const reports: string[] = [];
  const progress: Progress = { report: (_, message) => reports.push(message) };
  const controller = new AbortController();
  const context = {
    session: { jobs: { get: () => run, hold: () => () => {} } },
    signal: controller.signal,
    budgetMs: 5,
    progress,
  } as unknown as ToolContext<never>;
  const waiting = job.run({ job: 'x', action: 'wait' }, context);
  target?.report(1, 'meanwhile');
  expect(await waiting).toMatchObject({ state: 'running', text: 'Half' });
  target?.report(2, 'too late');
  expect(reports).toEqual(['meanwhile']);
  // Aborting that call no longer cancels the job.
  controller.abort();
  expect(cancelled).toBe(false);
});
