import type { Ollama } from '@ollama-toolbelt/core';
import { badArgumentLines } from './bad-arguments.ts';
import { closest } from './closest.ts';
import { type Ask, confirmBy } from './confirm.ts';
import { cutShort } from './cut-short.ts';
import type { DefaultModels } from './default-model.ts';
import type { FileAccess } from './file-access.ts';
import { toJsonSchema } from './json-schema.ts';
import { offeredTools } from './offered-tools.ts';
import type { Offers } from './offers.ts';
import { createProgress, type ProgressUpdate, silentProgress } from './progress.ts';
import { failureResult, type ToolResult, valueResult } from './result.ts';
import { Run } from './run.ts';
import { Session } from './session.ts';
import type { Tool, ToolContext } from './tool.ts';
import { errorResult, errorText } from './tool-error.ts';
import { selectTools, type ToolSelection } from './tool-selection.ts';
import { tools as allTools } from './tools/index.ts';
import { version } from './version.ts';

const INVALID_PARAMS = -32602;
/** Under the shortest limit known of a host, which is a minute. */
const BUDGET_MS = 50_000;

export interface McpServerOptions {
  ollama: Ollama;
  /** Whether one instance serves one client from its first call to its last, as over stdio. @default true */
  sessions?: boolean;
  /** One call from a shell; then there are no sessions. @default false */
  oneShot?: boolean;
  models?: DefaultModels;
  /** Which tools. @default the toolsets inference and models */
  select?: ToolSelection;
  /** Files of allowed folders; without it no tool takes paths. */
  files?: FileAccess;
  /** Milliseconds after which a call answers with what there is; 0 for none. @default 50000 */
  budgetMs?: number;
  /** All tools there are, for tests. */
  tools?: readonly Tool[];
  /** Gets one line for each call, without its content. */
  log?: (line: string) => void;
}

/** What the protocol brings along with a call. */
export interface CallExtras {
  signal: AbortSignal;
  /** Sends progress; only where the client asks for it. */
  notify?: (update: ProgressUpdate) => void;
  ask?: Ask;
}

/** The server as it is whatever SDK carries it: lists its tools and runs them. */
export class McpServer {
  readonly info = { name: 'ollama-toolbelt', title: 'Ollama Toolbelt', version };
  readonly instructions =
    'Tools for the models of an Ollama server, local or in its cloud. ollama_list_models has their names and what each can do.';
  readonly #tools: ReadonlyMap<string, Tool>;
  readonly #options: McpServerOptions;
  readonly #offers: Offers;
  readonly #budgetMs: number;
  readonly #session: Session | undefined;
  #list: object[] | undefined;

  constructor(options: McpServerOptions) {
    this.#options = options;
    const { oneShot = false, sessions = !oneShot, files, models = {}, select = {} } = options;
    const offers: Offers = { sessions: sessions && !oneShot, oneShot, files: files !== undefined };
    const tools = offeredTools(selectTools(options.tools ?? allTools, select), offers, models);
    this.#offers = offers;
    this.#budgetMs = oneShot ? 0 : (options.budgetMs ?? BUDGET_MS);
    this.#session = offers.sessions ? new Session() : undefined;
    this.#tools = new Map(tools.map((tool) => [tool.name, tool]));
  }

  /** Ends what goes on between calls. Over stdio and in HTTP sessions: when the client has left. */
  close(): void {
    this.#session?.close();
  }

  /** The tools as hosts see them, always in the same order. */
  listTools(): object[] {
    this.#list ??= [...this.#tools.values()].map(({ name, title, description, input, output, annotations }) => ({
      name,
      title,
      description,
      inputSchema: toJsonSchema(input),
      outputSchema: toJsonSchema(output),
      annotations,
    }));
    return this.#list;
  }

  /**
   * Runs one tool. What goes wrong with it is a result that says so.
   *
   * @throws an error with a JSON-RPC `code` for a name that is no tool, and whatever is a bug.
   */
  async callTool(name: unknown, args: unknown, extras: CallExtras): Promise<ToolResult> {
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
   * @throws as `callTool` for a name that is no tool.
   */
  badArguments(name: string, args: unknown): string[] {
    const tool = this.#tools.get(name);
    if (tool === undefined) throw this.#unknownTool(name);
    const parsed = tool.input.safeParse(args);
    return parsed.success ? [] : badArgumentLines(parsed.error, Object.keys(tool.input.shape));
  }

  async #run(tool: Tool, args: unknown, extras: CallExtras): Promise<ToolResult> {
    const { ollama } = this.#options;
    const parsed = tool.input.safeParse(args);
    if (!parsed.success) {
      const lines = badArgumentLines(parsed.error, Object.keys(tool.input.shape));
      return failureResult([`Bad arguments for ${tool.name}:`, ...lines].join('\n'));
    }
    const progress = extras.notify ? createProgress(extras.notify) : silentProgress;
    const run = new Run(tool, parsed.data, (own) => this.#context(own, extras));
    run.progress.to(progress);
    try {
      return valueResult(tool, await this.#valueOf(run, extras.signal), { isCapped: !this.#offers.oneShot });
    } catch (error) {
      return await errorResult(error, ollama, extras.signal);
    } finally {
      run.progress.to(silentProgress);
      progress.stop();
    }
  }

  #context(own: Pick<ToolContext, 'signal' | 'progress' | 'partial'>, { ask }: CallExtras): ToolContext {
    const { ollama, files } = this.#options;
    const { sessions, oneShot } = this.#offers;
    return {
      ...own,
      ollama,
      files,
      session: this.#session,
      isUncapped: oneShot,
      budgetMs: this.#budgetMs,
      confirm: confirmBy(sessions ? ask : undefined, own.signal),
      explain: (error) => {
        own.signal.throwIfAborted();
        return errorText(error, ollama, own.signal);
      },
    };
  }

  /** The value of a run, or what there is of it when its time is over. */
  async #valueOf(run: Run, signal: AbortSignal): Promise<Record<string, unknown>> {
    const cancel = () => run.cancel(signal.reason);
    const settled = new AbortController();
    signal.addEventListener('abort', cancel, { once: true });
    if (signal.aborted) cancel();
    try {
      const overdue = this.#budgetMs > 0 && run.overdue(this.#budgetMs, this.#session === undefined, settled.signal);
      const first = await Promise.race([run.ended, ...(overdue ? [overdue] : [])]);
      const outcome = first ?? run.outcome;
      if (outcome === undefined) return cutShort(run, this.#session, this.#budgetMs);
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
