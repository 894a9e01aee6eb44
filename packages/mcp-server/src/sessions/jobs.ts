import { MemoryBudget, weigh } from '../tools/memory-budget.ts';
import { Refusal } from '../tools/refusal.ts';
import type { JobStore, Run } from '../tools/tool-context.ts';

const TTL_MINUTES = 15;
const TTL_MS = TTL_MINUTES * 60_000;
/**
 * Some hosts abandon a call silently. Then nobody knows the id of its job, and the model would continue for nothing.
 * An agent that wants the answer asks for it in its next steps, so ten minutes are enough for a few slow steps. They
 * start again each time it asks: a host may also abandon a job that it has read before.
 */
const UNASKED_MINUTES = 10;

interface Job {
  run: Run;
  /** Milliseconds since 1970. */
  createdAt: number;
  addedAt: number;
  endedAt: number | undefined;
  /** Frees its memory. */
  release: () => void;
  /** Ends the job if nobody asks for it any more. */
  timer: ReturnType<typeof setTimeout> | undefined;
  /** How many calls wait for it. */
  waiting: number;
}

/** A job, and how long it is kept. */
export interface FoundJob {
  run: Run;
  /** Milliseconds since 1970. */
  createdAt: number;
  /** Counted from `createdAt`. `null` while the job runs, because the time starts at its end. */
  ttlMs: number | null;
}

const unasked = () =>
  new Refusal(`Nobody has asked for this job for ${UNASKED_MINUTES} minutes, so it was ended.`, 'Make the call again.');

/** Counts the minutes again, unless the job has ended or somebody waits for it. */
function restartTimer(job: Job): void {
  clearTimeout(job.timer);
  const { run, endedAt, waiting } = job;
  // The result of a download or a new model is wanted even if nobody asks for it.
  if (!run.onlyAnswers || endedAt !== undefined || waiting > 0) return;
  job.timer = setTimeout(() => run.cancel(unasked()), UNASKED_MINUTES * 60_000);
}

export interface JobsOptions {
  /** @default 32 */
  maxJobs?: number;
  /** Memory budget of the jobs. @default no limit */
  budget?: MemoryBudget;
  /** Whether lists and errors include their ids. @default true */
  isListed?: boolean;
}

/** Runs that outlive their calls, until somebody collects their answers. */
export class Jobs implements JobStore {
  readonly ttlMinutes = TTL_MINUTES;
  readonly #jobs = new Map<string, Job>();
  readonly #budget: MemoryBudget;
  readonly #isListed: boolean;
  readonly #maxJobs: number;

  constructor({ budget = new MemoryBudget(), isListed = true, maxJobs = 32 }: JobsOptions = {}) {
    this.#budget = budget;
    this.#isListed = isListed;
    this.#maxJobs = maxJobs;
  }

  add(run: Run): string | undefined {
    this.#forget();
    if (this.#jobs.size >= this.#maxJobs) {
      const [oldest] = [...this.#jobs].find(([, { endedAt }]) => endedAt !== undefined) ?? [];
      if (oldest === undefined) return undefined;
      this.#drop(oldest);
    }
    const release = this.#budget.take(run.bytes);
    if (release === undefined) return undefined;
    const id = crypto.randomUUID();
    const times = { createdAt: Date.now(), addedAt: performance.now(), endedAt: undefined };
    const job: Job = { run, ...times, release, timer: undefined, waiting: 0 };
    restartTimer(job);
    void run.ended.then((outcome) => {
      job.endedAt = performance.now();
      restartTimer(job);
      job.release();
      if (!this.#jobs.has(id)) return;
      const kept = this.#budget.keep(0, () => this.#jobs.delete(id));
      job.release = () => kept.end();
      kept.use(run.bytes + weigh('value' in outcome ? outcome.value : run.soFar()));
    });
    this.#jobs.set(id, job);
    return id;
  }

  get(id: string): Run {
    const job = this.find(id);
    if (job !== undefined) return job.run;
    const known = this.#isListed ? ` There are: ${[...this.#jobs.keys()].join(', ') || 'none'}.` : '';
    throw new Refusal(
      `There is no job ${id.slice(0, 64)}.`,
      `Jobs are kept ${TTL_MINUTES} minutes after their end, and end with the server.${known}`,
    );
  }

  /** Like `get`, with the times; `undefined` if there is no such job. */
  find(id: string): FoundJob | undefined {
    const found = this.peek(id);
    const job = this.#jobs.get(id);
    if (job) restartTimer(job);
    return found;
  }

  hold(id: string): () => void {
    const job = this.#jobs.get(id);
    if (job === undefined) return () => {};
    const count = (waiting: number) => {
      job.waiting += waiting;
      restartTimer(job);
    };
    count(1);
    return () => count(-1);
  }

  /** Like `find`, but it does not count as asking for the job. */
  peek(id: string): FoundJob | undefined {
    this.#forget();
    const job = this.#jobs.get(id);
    if (job === undefined) return undefined;
    const { run, createdAt, addedAt, endedAt } = job;
    return { run, createdAt, ttlMs: endedAt === undefined ? null : Math.floor(endedAt - addedAt) + TTL_MS };
  }

  list(): [id: string, run: Run][] {
    this.#forget();
    if (!this.#isListed) return [];
    return [...this.#jobs].map(([id, { run }]) => [id, run]);
  }

  get areRunning(): boolean {
    return [...this.#jobs.values()].some(({ endedAt }) => endedAt === undefined);
  }

  /** Ends all jobs. */
  close(): void {
    for (const { run, release, timer } of this.#jobs.values()) {
      clearTimeout(timer);
      run.cancel('the server ends');
      release();
    }
    this.#jobs.clear();
  }

  #drop(id: string): void {
    // Stryker disable next-line OptionalChaining: only called with ids of jobs
    this.#jobs.get(id)?.release();
    this.#jobs.delete(id);
  }

  #forget(): void {
    const oldest = performance.now() - TTL_MS;
    for (const [id, { endedAt }] of this.#jobs) if ((endedAt ?? oldest) < oldest) this.#drop(id);
  }
}
