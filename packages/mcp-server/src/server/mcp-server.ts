import type { Ollama } from '@ollama-toolbelt/core';
import type { ToolResult } from '../calls/result.ts';
import { type CallExtras, ToolCalls } from '../calls/tool-calls.ts';
import { Session } from '../sessions/session.ts';
import { tools as allTools } from '../tools/catalog/index.ts';
import type { Tool } from '../tools/tool.ts';
import type { FileAccess } from '../tools/tool-context.ts';
import { version } from '../version.ts';
import { type Completion, completionOf } from './completion.ts';
import type { DefaultModels } from './default-model.ts';
import type { Offers } from './features.ts';
import { toJsonSchema } from './json-schema.ts';
import { offeredTools } from './offered-tools.ts';
import { type PromptField, Prompts } from './prompts.ts';
import { modelTemplate, Resources } from './resources.ts';
import { selectTools, type ToolSelection } from './tool-selection.ts';

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

/** Where a client is typing: in a parameter of a template, or in an argument of a prompt. */
export type CompletionReference = { uriTemplate: string } | PromptField;

/** The server as it is whatever SDK carries it: lists its tools and runs them. */
export class McpServer {
  readonly info = { name: 'ollama-toolbelt', title: 'Ollama Toolbelt', version };
  readonly instructions: string;
  readonly #tools: readonly Tool[];
  readonly #calls: ToolCalls;
  readonly #resources: Resources;
  readonly #prompts: Prompts;
  readonly #session: Session | undefined;
  #list: object[] | undefined;

  constructor(options: McpServerOptions) {
    const { ollama, oneShot = false, sessions = !oneShot, files, models = {}, select = {}, log } = options;
    const offers: Offers = { sessions: sessions && !oneShot, oneShot, files: files !== undefined };
    const budgetMs = oneShot ? 0 : (options.budgetMs ?? BUDGET_MS);
    const session = offers.sessions ? new Session() : undefined;
    const tools = offeredTools(selectTools(options.tools ?? allTools, select), offers, models);
    this.#tools = tools;
    this.#session = session;
    this.#calls = new ToolCalls({ ollama, tools, offers, session, files, budgetMs, log });
    this.#resources = new Resources(ollama, session);
    this.#prompts = new Prompts(offers);
    this.instructions = instructionsFor(offers);
  }

  /** Ends what goes on between calls. Over stdio and in HTTP sessions: when the client has left. */
  close(): void {
    this.#session?.close();
  }

  /** The tools as hosts see them, always in the same order. */
  listTools(): object[] {
    this.#list ??= this.#tools.map(({ name, title, description, input, output, annotations }) => ({
      name,
      title,
      description,
      inputSchema: toJsonSchema(input),
      outputSchema: toJsonSchema(output),
      annotations,
    }));
    return this.#list;
  }

  /** See `ToolCalls`. */
  callTool(name: unknown, args: unknown, extras: CallExtras): Promise<ToolResult> {
    return this.#calls.call(name, args, extras);
  }

  badArguments(name: string, args: unknown): string[] {
    return this.#calls.badArguments(name, args);
  }

  listResources(): object[] {
    return this.#resources.list();
  }

  listResourceTemplates(): object[] {
    return this.#resources.templates();
  }

  readResource(uri: unknown, signal: AbortSignal): Promise<object[]> {
    return this.#resources.read(String(uri), signal);
  }

  listPrompts(): object[] {
    return this.#prompts.list();
  }

  getPrompt(name: unknown, args: unknown): object {
    return this.#prompts.get(String(name), args);
  }

  /** What can stand where a client is typing. Where Ollama cannot be asked, there is nothing to offer. */
  async complete(reference: CompletionReference, typed: string, signal: AbortSignal): Promise<Completion> {
    const candidates = async () => {
      if ('uriTemplate' in reference) return this.#resources.complete(reference.uriTemplate, signal);
      return this.#prompts.isModel(reference) ? this.#resources.complete(modelTemplate, signal) : [];
    };
    return completionOf(typed, await candidates().catch(() => []));
  }
}

function instructionsFor({ sessions, files }: Offers): string {
  return [
    'Tools for the models of an Ollama server, local or in its cloud. ollama_list_models has their names and what each can do.',
    files && 'With files, the text goes straight to that model and not through this conversation.',
    sessions && 'An answer that takes long comes back as partial with a job, which ollama_job collects.',
  ]
    .filter(Boolean)
    .join(' ');
}
