/**
 * The MCP extension for tasks, from 2026-07-28 on: the response to a long call is a task, which the client polls. A
 * task is a job with the same id.
 */
import type { Result } from '@modelcontextprotocol/server';
import { WAITING } from '../calls/progress.ts';
import type { ToolResult } from '../calls/result.ts';
import type { FoundJob, Jobs } from '../sessions/jobs.ts';
import { plainText } from '../tools/plain-text.ts';
import { Refusal } from '../tools/refusal.ts';
import type { Run } from '../tools/tool-context.ts';

const POLL_MS = 2000;
const INVALID_PARAMS = -32602;
const INTERNAL_ERROR = -32603;

/** Exposes jobs as tasks. */
export class Tasks {
  readonly #jobs: Jobs;
  readonly #resultOf: (id: string, run: Run, signal: AbortSignal) => Promise<ToolResult>;

  /** @param resultOf Returns the result of a job that has ended. Rejects if there is a bug. */
  constructor(jobs: Jobs, resultOf: (id: string, run: Run, signal: AbortSignal) => Promise<ToolResult>) {
    this.#jobs = jobs;
    this.#resultOf = resultOf;
  }

  /** The response to a call that became this task. The client may have left, so it does not count as asking for it. */
  created(id: string): Result {
    const job = this.#known(id, this.#jobs.peek(id));
    return { resultType: 'task', ...factsOf(id, job), ...workOf(job.run) };
  }

  has(id: string): boolean {
    return this.#jobs.find(id) !== undefined;
  }

  /** Resolves when the task has ended, at once if there is no such task. */
  async ended(id: string): Promise<void> {
    await this.#jobs.find(id)?.run.ended;
  }

  /** @throws an error with a JSON-RPC `code` if there is no such task. */
  async get(id: string, signal: AbortSignal): Promise<Result> {
    const job = this.#find(id);
    return { ...factsOf(id, job), ...(await this.#stateOf(id, job.run, signal)) };
  }

  /** @throws like `get`. */
  update(id: string): Result {
    // Tools ask the person before their work starts, so no task waits for input. The protocol says to ignore the rest.
    this.#find(id);
    return {};
  }

  /** Ends the work, which closes its connections to Ollama. @throws like `get`. */
  async cancel(id: string): Promise<Result> {
    const { run } = this.#find(id);
    run.cancel('cancelled by the client');
    await run.ended;
    return {};
  }

  async #stateOf(id: string, run: Run, signal: AbortSignal): Promise<Result> {
    const { outcome } = run;
    if (outcome === undefined) return workOf(run);
    if (run.isCancelled && 'error' in outcome) return { status: 'cancelled', statusMessage: whyCancelled(run) };
    try {
      return { status: 'completed', result: { resultType: 'complete', ...(await this.#resultOf(id, run, signal)) } };
    } catch (error) {
      signal.throwIfAborted();
      const message = plainText(error instanceof Error ? error.message : String(error));
      return { status: 'failed', statusMessage: message, error: { code: INTERNAL_ERROR, message } };
    }
  }

  #find(id: string): FoundJob {
    return this.#known(id, this.#jobs.find(id));
  }

  #known(id: string, job: FoundJob | undefined): FoundJob {
    if (job !== undefined) return job;
    const message = `There is no task ${plainText(id.slice(0, 64))}. Tasks are kept ${this.#jobs.ttlMinutes} minutes after their end, and end with the server.`;
    throw Object.assign(new Error(message), { code: INVALID_PARAMS });
  }
}

function factsOf(id: string, { run, createdAt, ttlMs }: FoundJob): Result {
  return {
    taskId: id,
    createdAt: new Date(createdAt).toISOString(),
    lastUpdatedAt: new Date(Math.max(createdAt, run.updatedAt)).toISOString(),
    ttlMs,
    pollIntervalMs: POLL_MS,
  };
}

/** `llama3.2: pulling 8eeb52dfb3bb: 25 %, 0.5 of 2.0 GB` */
function workOf({ model, howFar }: Run): Result {
  const words = howFar || WAITING;
  const named = model === undefined || words.includes(model) ? words : `${model}: ${words}`;
  return { status: 'working', statusMessage: plainText(named) };
}

function whyCancelled({ cancelReason, howFar }: Run): string {
  const why = cancelReason instanceof Refusal ? cancelReason.message : String(cancelReason);
  return plainText(howFar === '' ? why : `${why} (${howFar})`);
}
