import type { Ollama } from '@ollama-toolbelt/core';
import type { Offers } from '../server/features.ts';
import type { Session } from '../sessions/session.ts';
import { closest } from '../tools/closest-name.ts';
import type { Tool, ToolContext } from '../tools/tool.ts';
import type { FileAccess } from '../tools/tool-context.ts';
import { badArgumentLines } from './bad-arguments.ts';
import { type Ask, confirmBy } from './confirm.ts';
import { createProgress, type ProgressUpdate, silentProgress } from './progress.ts';
import { failureResult, type ToolResult, valueResult } from './result.ts';
import { cutShort } from './time-budget.ts';
import { errorResult, errorText } from './tool-error.ts';
import { Run } from './tool-run.ts';

const INVALID_PARAMS = -32602;

/** What the protocol brings along with a call. */
export interface CallExtras {
  signal: AbortSignal;
  /** Sends progress; only where the client asks for it. */
  notify?: (update: ProgressUpdate) => void;
  ask?: Ask;
}

export interface ToolCallsOptions {
  ollama: Ollama;
  tools: readonly Tool[];
  offers: Offers;
  session: Session | undefined;
  files: FileAccess | undefined;
  budgetMs: number;
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
   * Runs one tool. What goes wrong with it is a result that says so.
   *
   * @throws an error with a JSON-RPC `code` for a name that is no tool, and whatever is a bug.
   */
  async call(name: unknown, args: unknown, extras: CallExtras): Promise<ToolResult> {
    const tool = this.#tools.get(String(name));
    if (tool === undefined) throw this.#unknownTool(String(name));
    const start = performance.now();
    const result = await this.#run(tool, args ?? {}, extras);
    this.#options.log?.(
      `${tool.name}: ${result.isError ? 'failed' : 'done'} in ${Math.round(performance.now() - start)} ms`,
    );
    return result;
  }

  /**
   * What is wrong with the arguments of a call, one line each, for who wants to know before it.
   *
   * @throws as `call` for a name that is no tool.
   */
  badArguments(name: string, args: unknown): string[] {
    const tool = this.#tools.get(name);
    if (tool === undefined) throw this.#unknownTool(name);
    const parsed = tool.input.safeParse(args);
    return parsed.success ? [] : badArgumentLines(parsed.error, Object.keys(tool.input.shape));
  }

  async #run(tool: Tool, args: unknown, extras: CallExtras): Promise<ToolResult> {
    const { ollama, offers } = this.#options;
    const parsed = tool.input.safeParse(args);
    if (!parsed.success) {
      const lines = badArgumentLines(parsed.error, Object.keys(tool.input.shape));
      return failureResult([`Bad arguments for ${tool.name}:`, ...lines].join('\n'));
    }
    const progress = extras.notify ? createProgress(extras.notify) : silentProgress;
    const run = new Run(tool, parsed.data, (own) => this.#context(own, extras));
    run.progress.to(progress);
    try {
      return valueResult(tool, await this.#valueOf(run, extras.signal), { isCapped: !offers.oneShot });
    } catch (error) {
      return await errorResult(error, ollama, extras.signal);
    } finally {
      run.progress.to(silentProgress);
      progress.stop();
    }
  }

  #context(own: Pick<ToolContext, 'signal' | 'progress' | 'partial'>, { ask }: CallExtras): ToolContext {
    const { ollama, files, session, budgetMs, offers } = this.#options;
    return {
      ...own,
      ollama,
      files,
      session,
      isUncapped: offers.oneShot,
      budgetMs,
      confirm: confirmBy(offers.sessions ? ask : undefined, own.signal),
      explain: (error) => {
        own.signal.throwIfAborted();
        return errorText(error, ollama, own.signal);
      },
    };
  }

  /** The value of a run, or what there is of it when its time is over. */
  async #valueOf(run: Run, signal: AbortSignal): Promise<Record<string, unknown>> {
    const { budgetMs, session } = this.#options;
    const cancel = () => run.cancel(signal.reason);
    const settled = new AbortController();
    signal.addEventListener('abort', cancel, { once: true });
    if (signal.aborted) cancel();
    try {
      const overdue = budgetMs > 0 && run.overdue(budgetMs, session === undefined, settled.signal);
      const first = await Promise.race([run.ended, ...(overdue ? [overdue] : [])]);
      const outcome = first ?? run.outcome;
      if (outcome === undefined) return cutShort(run, session, budgetMs);
      if ('error' in outcome) throw outcome.error;
      return outcome.value;
    } finally {
      settled.abort();
      signal.removeEventListener('abort', cancel);
    }
  }

  #unknownTool(name: string): Error {
    const near = closest(name, [...this.#tools.keys()], 1);
    const known = near.length > 0 ? `Did you mean ${near[0]}?` : `There are: ${[...this.#tools.keys()].join(', ')}.`;
    return Object.assign(new Error(`Unknown tool: ${name.slice(0, 64)}. ${known}`), { code: INVALID_PARAMS });
  }
}
