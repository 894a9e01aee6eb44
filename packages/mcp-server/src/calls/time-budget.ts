import { formatDuration } from '../tools/format-duration.ts';
import type { Run, Session } from '../tools/tool-context.ts';

/** Under the shortest limit known of a host, which is a minute. */
export const DEFAULT_BUDGET_MS = 50_000;

/**
 * The time of one call, if it names one that is shorter: a program that shows how far the work is would rather ask again
 * than wait, and some hosts let programs wait for a few seconds only. No schema lists it, since no model needs it.
 */
export function ownBudgetMs(args: unknown, longestMs: number): number {
  const own = typeof args === 'object' && args !== null && '_wait_ms' in args ? Number(args._wait_ms) : Number.NaN;
  if (!(own >= 1)) return longestMs;
  return longestMs > 0 ? Math.min(own, longestMs) : own;
}

/**
 * The answer of a call whose time is over: what there is so far, and how to get the rest. If a host cuts the call
 * instead, nothing of it is left.
 */
export function cutShort(run: Run, session: Session | undefined, budgetMs: number): Record<string, unknown> {
  const soFar = run.soFar();
  const job = session?.jobs.add(run);
  if (session !== undefined && job !== undefined) {
    const message = `This took longer than ${formatDuration(budgetMs)} and continues as job ${job}. ollama_job waits for it, reads or cancels it over this connection, with which it ends; it is kept ${session.jobs.ttlMinutes} minutes after its end.`;
    return noticed({ ...soFar, job }, message);
  }
  run.cancel('the time of the call is over');
  const more =
    session === undefined
      ? 'The rest cannot be collected, since this server keeps nothing between calls. For more: a lower options.num_predict, a client that streams, or a server with a higher --budget-ms.'
      : 'There are too many jobs to continue as another one: cancel some with ollama_job.';
  return noticed(soFar, `This took longer than ${formatDuration(budgetMs)} and was ended. ${more}`);
}

function noticed(value: Record<string, unknown>, message: string): Record<string, unknown> {
  const notices = Array.isArray(value['notices']) ? value['notices'] : [];
  return { ...value, notices: [...notices, { code: 'time_budget', message }] };
}
