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

/** What the protocol passes along with a call. */
export interface CallExtras {
  signal: AbortSignal;
  /** Sends progress, if the client asks for it. */
  notify?: (update: ProgressUpdate) => void;
  ask?: Ask;
  /** Whether the client polls long calls as tasks. @default false */
  knowsTasks?: boolean;
}

export interface ToolCallsOptions extends AskedServers {
  tools: readonly Tool[];
  session: Session | undefined;
  files: FileSource | undefined;
  memory: MemoryBudget;
  /** Whether the person may be asked, if the client can. */
  mayAsk: boolean;
  /** How many prompts or files of one call the model gets at a time. */
  concurrency: number;
  /** Milliseconds; 0 for no limit. */
  budgetMs: number;
  /** Whether results may have any size. */
  isUncapped: boolean;
  log: ((line: string) => void) | undefined;
}

/** Runs tools by name, each within its time limit. */
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
   * `BecameTask`. Bugs are thrown unchanged.
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
   * The result of a job that has ended: the response that its call would have had.
   *
   * @throws bugs, unchanged.
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
   * Problems with the arguments of a call, one line each, without making the call.
   *
   * @throws like `call` if there is no such tool.
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
    // A call may only end early if its result can be collected later.
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
    // A client that sets its own time limit collects the job with the tool for that.
    const tasks = knowsTasks && !(jobs && namesBudget(args)) ? session?.jobs : undefined;
    try {
      const value = () => this.#valueOf(run, { budgetMs, jobs, tasks, signal });
      return await this.#resultFor(tool, value, { keep: () => jobs?.add(run), signal });
    } finally {
      run.tell(silentProgress);
      progress?.stop();
    }
  }

  /** @param keep Keeps all of a long answer. */
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
    const { servers, addressSetting, files, session, mayAsk, concurrency, isUncapped } = this.#options;
    return {
      ...own,
      server: servers.all[0],
      ollama: servers.all[0].ollama,
      servers: servers.all,
      addressSetting,
      files: files?.forCall(reserve),
      session,
      concurrency,
      isUncapped,
      confirm: confirmBy(mayAsk ? ask : undefined, own.signal, own.progress),
      explain: (error) => {
        own.signal.throwIfAborted();
        return errorText(error, this.#options, own.signal);
      },
    };
  }

  /** The value of a run, or the part that exists when its time is over. */
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
      // Without a reason, `abort` would create an error with a stack.
      settled.abort('settled');
    }
  }

  /** `undefined` if no tool can collect jobs: then none are kept. */
  get #jobs(): JobStore | undefined {
    return this.#tools.has('ollama_job') ? this.#options.session?.jobs : undefined;
  }

  #unknownTool(name: string): Error {
    const near = closestNames(name, [...this.#tools.keys()], 1);
    const known = near.length > 0 ? `Did you mean ${near[0]}?` : `There are: ${[...this.#tools.keys()].join(', ')}.`;
    return Object.assign(new Error(`Unknown tool: ${name.slice(0, 64)}. ${known}`), { code: INVALID_PARAMS });
  }
}

/** How a long call may end. */
interface Ways {
  budgetMs: number;
  jobs: JobStore | undefined;
  /** Set if the client polls tasks. */
  tasks: JobStore | undefined;
  signal: AbortSignal;
}

const outOfMemory = (bytes: number) =>
  new Refusal(
    `There is no memory left for files of this size (${Math.ceil(bytes / 1e6)} MB while they are sent).`,
    'Send fewer or smaller files, wait for other calls to end, or start the server with a higher --memory-mb.',
  );
