import { formatDuration } from '../tools/format-duration.ts';
import type { JobStore, Run } from '../tools/tool-context.ts';

/** Below the shortest known timeout of a host, which is a minute. */
export const DEFAULT_BUDGET_MS = 50_000;

/** Long enough for calls that have nothing to do, or fail at once. */
const TASK_AFTER_MS = 2000;

/** Ends a call without a result: it continues as this job, which the client polls. */
export class BecameTask extends Error {
  readonly job: string;

  constructor(job: string) {
    super('The call became a task.');
    this.job = job;
  }
}

/**
 * How long a call runs before it becomes a task. An answer streams to the host while the host waits. A download, a new
 * model or a file becomes a task almost at once. Without a budget there is no limit.
 */
export const taskAfterMs = ({ onlyAnswers }: Pick<Run, 'onlyAnswers'>, budgetMs: number): number =>
  onlyAnswers ? budgetMs : Math.min(budgetMs, TASK_AFTER_MS);

/**
 * The time limit of one call, if it asks for a shorter one. A program that shows progress prefers to poll, and some
 * hosts let programs wait only a few seconds. No schema lists this argument, because models do not need it.
 */
export function ownBudgetMs(args: unknown, longestMs: number): number {
  const own = namedMs(args);
  if (own === undefined) return longestMs;
  return longestMs > 0 ? Math.min(own, longestMs) : own;
}

/** Whether a call sets its own time limit. */
export const namesBudget = (args: unknown): boolean => namedMs(args) !== undefined;

function namedMs(args: unknown): number | undefined {
  const named = typeof args === 'object' && args !== null && '_wait_ms' in args ? Number(args._wait_ms) : Number.NaN;
  return named >= 1 ? named : undefined;
}

/**
 * The response to a call that ran out of time: the answer so far, and how to get the rest. If the host ended the call
 * instead, everything would be lost.
 */
export function cutShort(run: Run, jobs: JobStore | undefined, budgetMs: number): Record<string, unknown> {
  const soFar = run.soFar();
  const job = jobs?.add(run);
  if (jobs !== undefined && job !== undefined) {
    const message = `This took longer than ${formatDuration(budgetMs)}. It continues as job ${job}. Use ollama_job to wait for it, read it or cancel it over this connection; it ends with the connection. It is kept for ${jobs.ttlMinutes} minutes after its end.`;
    return noticed({ ...soFar, job }, message);
  }
  run.cancel('the time budget of the call is over');
  const more =
    jobs === undefined
      ? 'The rest cannot be collected, since this server keeps no jobs. For more: a lower options.num_predict, a client that streams, or a server with a higher --budget-ms.'
      : 'There are too many jobs to start another one: cancel some with ollama_job.';
  return noticed(soFar, `This took longer than ${formatDuration(budgetMs)} and was ended. ${more}`);
}

function noticed(value: Record<string, unknown>, message: string): Record<string, unknown> {
  const notices = Array.isArray(value['notices']) ? value['notices'] : [];
  return { ...value, notices: [...notices, { code: 'time_budget', message }] };
}
