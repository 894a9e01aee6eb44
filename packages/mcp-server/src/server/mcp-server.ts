import { DEFAULT_BUDGET_MS } from '../calls/time-budget.ts';
import type { ToolCalls } from '../calls/tool-calls.ts';
import { DEFAULT_CONCURRENCY } from '../servers/concurrency.ts';
import type { OllamaServers } from '../servers/ollama-servers.ts';
import { ClientSession } from '../sessions/session.ts';
import { DEFAULT_ADDRESS_SETTING } from '../tools/error-words.ts';
import { MemoryBudget } from '../tools/memory-budget.ts';
import { scopesOf } from '../tools/scopes.ts';
import type { Need } from '../tools/tool.ts';
import type { FileSource } from '../tools/tool-context.ts';
import { type KnownTool, knownTools } from './known-tools.ts';
import { listedSchemas } from './listed-schemas.ts';
import { ModelsPage } from './models-page.ts';
import { type DefaultModels, offeredTools } from './offered-tools.ts';
import { Prompts } from './prompts.ts';
import { Resources } from './resources.ts';
import { isAllowed } from './scope-rules.ts';
import { Tasks } from './tasks.ts';
import { type ListedTool, toolList } from './tool-list.ts';
import { selectTools, type ToolSelection } from './tool-selection.ts';

/**
 * Which clients a server works for:
 * - `session`: one client, from connect to disconnect, as over stdio. The server keeps conversations, jobs and embeddings
 *   between calls, and can ask the person.
 * - `shared`: any clients. The server keeps the same between calls, but a client only learns the ids of its own calls.
 * - `stateless`: any clients. Nothing is kept between requests, so many servers can share one address.
 * - `call`: one call from a shell, without limits on its time or the size of its result.
 */
export type Mode = 'session' | 'shared' | 'stateless' | 'call';

export const confirmWays = ['ask', 'argument'] as const;
export type ConfirmBy = (typeof confirmWays)[number];

export interface McpServerOptions {
  /** One or more Ollama servers to send calls to. */
  servers: OllamaServers;
  /** Name of the setting to change if an address is wrong. @default 'OLLAMA_HOST' */
  addressSetting?: string;
  mode: Mode;
  models?: DefaultModels;
  /** Which tools to offer. @default the toolsets inference and models */
  select?: ToolSelection;
  /** Files in allowed folders. Without it, no tool accepts paths. */
  files?: FileSource;
  /** Memory of the process, for running calls and for what is kept. @default no limit */
  memory?: MemoryBudget;
  /** How a guarded action is confirmed: by the person, if the client can ask, or by the argument `confirm` alone. @default 'ask' */
  confirm?: ConfirmBy;
  /** How many prompts or files of one call the model gets at a time. @default 2 */
  concurrency?: number;
  /** Milliseconds after which a call returns the answer so far; 0 for no limit. No effect on `call`. @default 50000 */
  budgetMs?: number;
  /** Receives one line for each call, without its content. */
  log?: (line: string) => void;
}

/** Facts about the client that sends a request. */
export interface AskingClient {
  /** Scopes of its access token; `undefined` if everything is allowed. */
  scopes?: ReadonlySet<string> | undefined;
  /** @default false */
  showsPages?: boolean;
}

/** The parts that a server of the SDK exposes, put together for one mode. */
export interface McpServer {
  readonly instructions: string;
  /** The tools in a fixed order. If the client has scopes, only those that they allow. */
  listTools(client?: AskingClient): readonly ListedTool[];
  calls(): Promise<ToolCalls>;
  /** `undefined` if nothing is kept between calls. */
  readonly tasks: Tasks | undefined;
  readonly resources: Resources;
  /** The resources, and pages for clients that show them. */
  listResources(client: AskingClient): object[];
  /** @throws an error with a JSON-RPC `code`. */
  readResource(uri: string, signal: AbortSignal, client: AskingClient): Promise<object[]>;
  readonly prompts: Prompts;
  hasRunningJobs(): boolean;
  /** Ends the jobs. In a session, call it when the client disconnects. */
  close(): void;
}

export function createMcpServer(options: McpServerOptions): McpServer {
  const { servers, mode, files, models = {}, confirm = 'ask', budgetMs = DEFAULT_BUDGET_MS, log } = options;
  const {
    memory = new MemoryBudget(),
    concurrency = DEFAULT_CONCURRENCY,
    addressSetting = DEFAULT_ADDRESS_SETTING,
  } = options;
  const asked = { servers, addressSetting };
  const session = keeps(mode) ? new ClientSession({ memory, isShared: mode === 'shared' }) : undefined;
  const offers = offersOf(options);
  const tools = toolsFor(options);
  const list = toolList(tools);
  const resources = new Resources(asked, session);
  const page = new ModelsPage({
    offered: tools.map(({ name }) => name),
    models,
    isReadOnly: options.select?.readOnly === true,
  });
  const allowed = ({ scopes }: AskingClient) =>
    tools.filter((tool) => isAllowed(scopes, scopesOf(tool))).map(({ name }): string => name);
  const limits = mode === 'call' ? { budgetMs: 0, isUncapped: true } : { budgetMs, isUncapped: false };
  const loadCalls = async () => {
    const { toolCalls } = await import('./tool-calls.ts');
    return toolCalls({
      ...asked,
      names: tools.map(({ name }) => name),
      offers,
      models,
      session,
      files,
      memory,
      mayAsk: confirm === 'ask',
      concurrency,
      ...limits,
      log,
    });
  };
  let loaded: Promise<ToolCalls> | undefined;
  const calls = () => (loaded ??= loadCalls());
  return {
    instructions: instructionsFor(offers),
    listTools(client = {}) {
      const names = allowed(client);
      return list(client.showsPages ? page.uri(names) : undefined).filter(({ name }) => names.includes(name));
    },
    calls,
    tasks: session && new Tasks(session.jobs, async (...ended) => (await calls()).resultOf(...ended)),
    resources,
    listResources: (client) => [...resources.list(), ...(client.showsPages ? page.list(allowed(client)) : [])],
    readResource: async (uri, signal, client) => page.read(uri, allowed(client)) ?? resources.read(uri, signal),
    prompts: new Prompts({ files: offers.has('files') }),
    hasRunningJobs: () => session?.jobs.areRunning === true,
    close: () => session?.close(),
  };
}

const keeps = (mode: Mode) => mode === 'session' || mode === 'shared';

type WhatIsOffered = Pick<McpServerOptions, 'mode' | 'files' | 'models' | 'select' | 'servers'>;

/** The tools of a server with these options. */
export const toolsFor = (options: WhatIsOffered): KnownTool[] =>
  offeredTools(listedSchemas, selectTools(knownTools, options.select ?? {}), offersOf(options), options.models ?? {});

const offersOf = ({ mode, files, select, servers }: WhatIsOffered): ReadonlySet<Need> =>
  new Set<Need>([
    ...(keeps(mode) ? ['session' as const] : []),
    ...(files ? ['files' as const] : []),
    ...(files?.canWrite && !select?.readOnly ? ['output' as const] : []),
    servers.areSeveral ? 'servers' : 'oneServer',
  ]);

function instructionsFor(offers: ReadonlySet<Need>): string {
  return [
    'Tools for the models of an Ollama server, local or in its cloud. ollama_list_models returns their names and what each can do.',
    offers.has('servers') &&
      'There are several servers: the part of a name before the first slash is the server. A model without it is looked up on all.',
    offers.has('files') && 'With files, the text goes straight to that model and not through this conversation.',
    offers.has('session') && 'An answer that takes long is returned as partial with a job, which ollama_job collects.',
  ]
    .filter(Boolean)
    .join(' ');
}
