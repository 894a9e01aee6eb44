/**
 * Which folder may import which, including type imports. `layers.test.ts` enforces it, and `pnpm run docs` prints it in
 * CONTRIBUTING.
 */

/** Code that is released or run together, and its layers. */
export interface Part {
  readonly root: string;
  /** The roots of the other parts that it may import. Packages import each other by name, like outside programs. */
  readonly uses: readonly string[];
  /**
   * The layers from the bottom up. Each only imports those above it here, so there are no cycles. A layer is a folder,
   * or a file in the root itself. A nested folder is a separate layer if it has a row. `*` is any one folder, and those
   * must not import each other. Without layers, any file may import any other.
   */
  readonly layers?: Readonly<Record<string, Layer>>;
}

export interface Layer {
  readonly holds: string;
  readonly imports: readonly string[];
}

const layer = (holds: string, ...imports: string[]): Layer => ({ holds, imports });

const core: Part = {
  root: 'packages/core/src',
  uses: [],
  layers: {
    schemas: layer('each field of the API, described once, as zod schemas'),
    'loopback.ts': layer('whether an address is this machine'),
    'version.ts': layer('the version of the package'),
    errors: layer('what goes wrong, in which words, and what to do', 'loopback.ts'),
    wire: layer('what Ollama reads and writes: routes, request bodies, NDJSON, notices', 'schemas', 'errors'),
    modelfile: layer('Modelfiles to text and back, and to a create request', 'schemas', 'errors', 'wire'),
    'platform.ts': layer('what the client needs from its platform: transport, timers, files', 'modelfile'),
    'timer.ts': layer("deadlines on the platform's timers", 'platform.ts'),
    'sleep.ts': layer('a wait that a signal ends', 'platform.ts', 'timer.ts'),
    'options.ts': layer('what a caller can set', 'schemas', 'wire'),
    http: layer(
      'one call: host, headers, deadlines, retries, reading the answer',
      'loopback.ts',
      'schemas',
      'errors',
      'wire',
      'platform.ts',
      'options.ts',
    ),
    models: layer(
      'blobs, models made from Modelfiles, loading, work on some at a time',
      'schemas',
      'errors',
      'wire',
      'modelfile',
      'platform.ts',
      'options.ts',
      'http',
    ),
    embeddings: layer('batches and the cache', 'schemas', 'errors', 'wire', 'options.ts', 'http'),
    conversation: layer(
      'history, rounds of tools, trimming to the context',
      'schemas',
      'errors',
      'wire',
      'options.ts',
      'http',
    ),
    'client.ts': layer(
      'the methods',
      'schemas',
      'errors',
      'wire',
      'platform.ts',
      'options.ts',
      'http',
      'models',
      'embeddings',
      'conversation',
    ),
    'neutral.ts': layer(
      'the public names of the neutral entry',
      'loopback.ts',
      'schemas',
      'errors',
      'wire',
      'modelfile',
      'platform.ts',
      'options.ts',
      'http',
      'models',
      'embeddings',
      'conversation',
      'client.ts',
    ),
    'fetch/http': layer("requests through the platform's fetch", 'errors', 'platform.ts'),
    functions: layer(
      'the entry of programs that only chat: functions that load what is known of errors when a call fails',
      'schemas',
      'errors',
      'wire',
      'platform.ts',
      'timer.ts',
      'sleep.ts',
      'options.ts',
      'http',
      'fetch/http',
    ),
    'node/http': layer('requests through undici', 'loopback.ts', 'version.ts', 'errors', 'platform.ts'),
    'node/files': layer('model files on disk', 'errors', 'modelfile', 'platform.ts'),
    'node/vectors': layer('vectors on disk', 'errors', 'options.ts'),
    node: layer(
      'the entry for Node',
      'errors',
      'platform.ts',
      'timer.ts',
      'sleep.ts',
      'options.ts',
      'http',
      'client.ts',
      'neutral.ts',
      'fetch/http',
      'node/http',
      'node/files',
      'node/vectors',
    ),
    fetch: layer(
      'the entry for browsers and workers',
      'errors',
      'timer.ts',
      'sleep.ts',
      'options.ts',
      'http',
      'client.ts',
      'neutral.ts',
      'fetch/http',
    ),
  },
};

const mcpServer: Part = {
  root: 'packages/mcp-server/src',
  uses: [core.root],
  layers: {
    'version.ts': layer('the version of the package'),
    tools: layer('what a tool is, and what it is given'),
    'tools/support': layer('what tools share', 'tools'),
    'tools/catalog': layer('one tool a file', 'tools', 'tools/support'),
    servers: layer('the Ollama servers, and which of them works on a call', 'tools'),
    calls: layer('one call of a tool: arguments, progress, time budget, result', 'tools', 'servers'),
    sessions: layer('what outlasts a call: jobs, conversations', 'tools', 'calls'),
    page: layer('the page of the models, which runs in a browser'),
    server: layer(
      'tools, prompts and resources as MCP',
      'version.ts',
      'tools',
      'tools/support',
      'tools/catalog',
      'servers',
      'calls',
      'sessions',
      'page',
    ),
    'transports/http/oauth': layer('access tokens, and the keys of who issues them', 'tools'),
    'transports/http': layer('Streamable HTTP', 'version.ts', 'tools', 'server', 'transports/http/oauth'),
    transports: layer('stdio', 'tools', 'server'),
    'handler.ts': layer(
      'the entry for workers and functions',
      'servers',
      'server',
      'transports/http',
      'transports/http/oauth',
    ),
    cli: layer(
      'settings, help, --check, call',
      'tools',
      'servers',
      'calls',
      'server',
      'transports/http/oauth',
      'transports/http',
    ),
    'cli/setup': layer('setup: the settings of agent hosts, found and changed', 'cli'),
    'command.ts': layer(
      'the command',
      'version.ts',
      'tools',
      'server',
      'transports',
      'transports/http',
      'cli',
      'cli/setup',
    ),
    'cli.ts': layer('its first file, which has Node keep what it compiles', 'cli', 'command.ts'),
  },
};

const n8nNodes: Part = {
  root: 'packages/n8n-nodes',
  uses: [core.root],
  layers: {
    'nodes/shared': layer('what the nodes share: client, transport, options, errors in words of n8n'),
    credentials: layer('the credential', 'nodes/shared'),
    'nodes/OllamaBelt/items': layer('from an item to a request, and from an answer to an item', 'nodes/shared'),
    'nodes/OllamaBelt/resources/*': layer('one resource: its operations', 'nodes/shared', 'nodes/OllamaBelt/items'),
    'nodes/OllamaBelt/resources': layer(
      'the list of the resources',
      'nodes/OllamaBelt/items',
      'nodes/OllamaBelt/resources/*',
    ),
    'nodes/OllamaBelt': layer(
      'the node, and its loop over the items',
      'nodes/shared',
      'nodes/OllamaBelt/items',
      'nodes/OllamaBelt/resources',
    ),
    'nodes/OllamaBeltChatModel': layer('the chat model of agents', 'nodes/shared'),
    'nodes/OllamaBeltEmbeddings': layer('the embeddings of vector stores', 'nodes/shared'),
    'nodes/OllamaBeltTrigger': layer('the trigger on changed models', 'nodes/shared'),
    'bundle.ts': layer(
      'what n8n loads, for the bundle',
      'credentials',
      'nodes/OllamaBelt',
      'nodes/OllamaBeltChatModel',
      'nodes/OllamaBeltEmbeddings',
      'nodes/OllamaBeltTrigger',
    ),
  },
};

const standIn: Part = { root: 'test/ollama-server', uses: [] };

const serverScripts: Part = { root: 'packages/mcp-server/scripts', uses: [mcpServer.root] };
const demo: Part = { root: 'demo', uses: [core.root, mcpServer.root, standIn.root] };
const examples: Part = { root: 'examples', uses: [core.root, mcpServer.root] };
const scripts: Part = { root: 'scripts', uses: [] };
const docs: Part = { root: 'docs', uses: [core.root, mcpServer.root] };

const tests: Part = {
  root: 'test',
  uses: [core.root, mcpServer.root, serverScripts.root, standIn.root, examples.root, docs.root],
  layers: {
    fixtures: layer('what suites share'),
    'mcp/*': layer('a suite of the MCP server', 'fixtures'),
    'n8n/*': layer('a suite of the nodes', 'fixtures'),
    'packaging/*': layer('a suite of what npm gets', 'fixtures'),
    '*': layer('a suite', 'fixtures'),
  },
};

const bench: Part = { root: 'bench', uses: [core.root, standIn.root, tests.root] };

/** Each part only uses those before it. */
export const parts: readonly Part[] = [
  core,
  mcpServer,
  n8nNodes,
  serverScripts,
  standIn,
  demo,
  examples,
  scripts,
  docs,
  tests,
  bench,
];
