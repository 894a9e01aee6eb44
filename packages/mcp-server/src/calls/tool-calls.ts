import { closestNames } from '@ollama-toolbelt/core/neutral';
import type { MemoryBudget } from '../tools/memory-budget.ts';
import { Refusal } from '../tools/refusal.ts';
import type { Tool } from '../tools/tool.ts';
import {
  type FileSource,
  type JobStore,
  type Reserve,
  type Run,
  type Session,
  silentProgress,
  type ToolContext,
} from '../tools/tool-context.ts';
import { badArgumentLines } from './bad-arguments.ts';
import { type Ask, CallAgain, confirmBy } from './confirm.ts';
import { fitArguments } from './fit-arguments.ts';
import { createProgress, type ProgressUpdate } from './progress.ts';
import { failureResult, type ResultOptions, type ToolResult, valueResult } from './result.ts';
import { BecameTask, cutShort, namesBudget, ownBudgetMs, taskAfterMs } from './time-budget.ts';
import { type AskedServers, errorResult, errorText } from './tool-error.ts';
import { type RunContext, ToolRun } from './tool-run.ts';

const INVALID_PARAMS = -32602;

/** What the protocol brings along with a call. */
export interface CallExtras {
  signal: AbortSignal;
  /** Sends progress, if the client asks for it. */
  notify?: (update: ProgressUpdate) => void;
  ask?: Ask;
  /** Whether the client collects by itself what takes long. @default false */
  knowsTasks?: boolean;
}

export interface ToolCallsOptions extends AskedServers {
  tools: readonly Tool[];
  session: Session | undefined;
  files: FileSource | undefined;
  memory: MemoryBudget;
  /** Whether the person may be asked, if the client can. */
  mayAsk: boolean;
  /** 0 for none. */
  budgetMs: number;
  /** Results may have any size. */
  isUncapped: boolean;
  log: ((line: string) => void) | undefined;
}

/** Runs tools by name, each within its time. */
export class ToolCalls {
  readonly #tools: ReadonlyMap<string, Tool>;
  readonly #options: ToolCallsOptions;

  constructor(options: ToolCallsOptions) {
    this.#options = options;
    this.#tools = new Map(options.tools.map((tool) => [tool.name, tool]));
  }

  /**
   * Runs one tool. A failure is a result that says so.
   *
   * @throws an error with a JSON-RPC `code` if there is no such tool; `CallAgain` if the person has to be asked first;
   * `BecameTask`; a bug as it is.
   */
  async call(name: unknown, args: unknown, extras: CallExtras): Promise<ToolResult> {
    const tool = this.#tools.get(String(name));
    if (tool === undefined) throw this.#unknownTool(String(name));
    const start = performance.now();
    let end = 'asked the user';
    try {
      const result = await this.#run(tool, args, extras);
      end = result.isError ? 'failed' : 'done';
      return result;
    } catch (error) {
      if (error instanceof BecameTask) end = 'became a task';
      else if (!(error instanceof CallAgain)) end = 'broke';
      throw error;
    } finally {
      this.#options.log?.(`${tool.name}: ${end} in ${Math.round(performance.now() - start)} ms`);
    }
  }

  /**
   * The result of a job that has ended: what its call would have been answered with.
   *
   * @throws a bug as it is.
   */
  resultOf(job: string, run: Run, signal: AbortSignal): Promise<ToolResult> {
    const tool = this.#tools.get(run.tool);
    if (tool === undefined) throw this.#unknownTool(run.tool);
    const value = async () => {
      const outcome = await run.ended;
      if ('error' in outcome) throw outcome.error;
      return outcome.value;
    };
    return this.#resultFor(tool, value, { keep: () => job, signal });
  }

  /**
   * What is wrong with the arguments of a call, one line each, before it is made.
   *
   * @throws as `call` if there is no such tool.
   */
  badArguments(name: string, args: unknown): string[] {
    const tool = this.#tools.get(name);
    if (tool === undefined) throw this.#unknownTool(name);
    const { error } = tool.input.safeParse(fitArguments(tool.input, args));
    return error === undefined ? [] : badArgumentLines(error, Object.keys(tool.input.shape));
  }

  async #run(tool: Tool, args: unknown, extras: CallExtras): Promise<ToolResult> {
    const { budgetMs: longestMs } = this.#options;
    const jobs = this.#jobs;
    // What ends early has to be collectable.
    const budgetMs = jobs ? ownBudgetMs(args, longestMs) : longestMs;
    const parsed = tool.input.safeParse(fitArguments(tool.input, args));
    if (!parsed.success) {
      const lines = badArgumentLines(parsed.error, Object.keys(tool.input.shape));
      return failureResult([`Bad arguments for ${tool.name}:`, ...lines].join('\n'));
    }
    const progress = extras.notify && createProgress(extras.notify);
    const { memory, session } = this.#options;
    const releases = new Set<() => void>();
    const reserve: Reserve = (bytes) => {
      const free = memory.take(bytes);
      if (free === undefined) throw outOfMemory(bytes);
      releases.add(free);
      return () => {
        releases.delete(free);
        free();
      };
    };
    const run = new ToolRun(tool, parsed.data, (own) => ({ ...this.#context(own, extras, reserve), budgetMs }));
    void run.ended.then(() => {
      for (const release of releases) release();
      session?.weigh();
    });
    if (progress) run.tell(progress);
    const { signal, knowsTasks } = extras;
    // Who names a time of its own collects the job by the tool for it.
    const tasks = knowsTasks && !(jobs && namesBudget(args)) ? session?.jobs : undefined;
    try {
      const value = () => this.#valueOf(run, { budgetMs, jobs, tasks, signal });
      return await this.#resultFor(tool, value, { keep: () => jobs?.add(run), signal });
    } finally {
      run.tell(silentProgress);
      progress?.stop();
    }
  }

  /** @param keep Keeps the whole of a long answer. */
  async #resultFor(
    tool: Tool,
    value: () => Promise<Record<string, unknown>>,
    { keep, signal }: Required<Pick<ResultOptions, 'keep'>> & { signal: AbortSignal },
  ): Promise<ToolResult> {
    const isCapped = !this.#options.isUncapped;
    try {
      return valueResult(tool, await value(), { isCapped, ...(this.#jobs && { keep }) });
    } catch (error) {
      return await errorResult(error, this.#options, signal);
    }
  }

  #context(own: RunContext, { ask }: CallExtras, reserve: Reserve): Omit<ToolContext, 'budgetMs'> {
    const { servers, addressSetting, files, session, mayAsk, isUncapped } = this.#options;
    return {
      ...own,
      server: servers.all[0],
      ollama: servers.all[0].ollama,
      servers: servers.all,
      addressSetting,
      files: files?.forCall(reserve),
      session,
      isUncapped,
      confirm: confirmBy(mayAsk ? ask : undefined, own.signal, own.progress),
      explain: (error) => {
        own.signal.throwIfAborted();
        return errorText(error, this.#options, own.signal);
      },
    };
  }

  /** The value of a run, or what there is of it when its time is over. */
  async #valueOf(run: ToolRun, { budgetMs, jobs, tasks, signal }: Ways): Promise<Record<string, unknown>> {
    const ownMs = tasks ? taskAfterMs(run, budgetMs) : budgetMs;
    const settled = new AbortController();
    const cancel = () => run.cancel(signal.reason);
    signal.addEventListener('abort', cancel, { once: true });
    if (signal.aborted) cancel();
    try {
      const overdue = ownMs > 0 && run.overdue(ownMs, (tasks ?? jobs) === undefined, settled.signal);
      const first = await Promise.race([run.ended, ...(overdue ? [overdue] : [])]);
      const outcome = first ?? run.outcome;
      if (outcome === undefined) {
        const task = tasks?.add(run);
        if (task !== undefined) throw new BecameTask(task);
        return cutShort(run, jobs ?? tasks, ownMs);
      }
      if ('error' in outcome) throw outcome.error;
      return outcome.value;
    } finally {
      signal.removeEventListener('abort', cancel);
      // Without a reason an error is made, with its stack.
      settled.abort('settled');
    }
  }

  /** Those that a tool collects. What nobody can collect is not kept. */
  get #jobs(): JobStore | undefined {
    return this.#tools.has('ollama_job') ? this.#options.session?.jobs : undefined;
  }

  #unknownTool(name: string): Error {
    const near = closestNames(name, [...this.#tools.keys()], 1);
    const known = near.length > 0 ? `Did you mean ${near[0]}?` : `There are: ${[...this.#tools.keys()].join(', ')}.`;
    return Object.assign(new Error(`Unknown tool: ${name.slice(0, 64)}. ${known}`), { code: INVALID_PARAMS });
  }
}

/** What becomes of a call that takes long. */
interface Ways {
  budgetMs: number;
  jobs: JobStore | undefined;
  /** If its client collects it by itself. */
  tasks: JobStore | undefined;
  signal: AbortSignal;
}

const outOfMemory = (bytes: number) =>
  new Refusal(
    `There is no memory left for files of this size (${Math.ceil(bytes / 1e6)} MB while they are sent).`,
    'Send fewer or smaller files, wait for other calls to end, or start the server with a higher --memory-mb.',
  );
