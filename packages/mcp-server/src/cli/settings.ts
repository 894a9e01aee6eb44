import { DEFAULT_BUDGET_MS } from '../calls/time-budget.ts';
import { knownTools } from '../server/known-tools.ts';
import { confirmWays } from '../server/mcp-server.ts';
import { newestProtocol, protocolProblem } from '../server/protocols.ts';
import { toolProblem, toolsetProblem } from '../server/tool-selection.ts';
import { DEFAULT_CONCURRENCY } from '../servers/concurrency.ts';
import { addressProblem, hostProblem, isNamed } from '../servers/server-addresses.ts';
import { httpAddressProblem } from '../transports/http/address.ts';
import { hostNameProblem } from '../transports/http/guard.ts';
import { oauthUrlProblem } from '../transports/http/oauth/oauth-options.ts';
import { tokenProblem } from '../transports/http/token.ts';

/**
 * The format of a setting:
 * - `text`: one value
 * - `list`: names separated by commas; the flag may also be repeated
 * - `folders`: one path; repeat the flag for more, or separate them in the variable as in PATH
 * - `number`: a whole number from 0
 * - `switch`: the flag turns it on; its variable is 1 or 0
 */
export type SettingKind = 'text' | 'list' | 'folders' | 'number' | 'switch';

/** One setting: its flag, and its environment variables, of which the first that is set counts. */
export interface Setting {
  /** Without the dashes. A setting without a flag can only be set in the environment. */
  flag?: string;
  env: readonly string[];
  kind: SettingKind;
  /** Name of the value in the help. Switches have none. */
  value?: string;
  /** The implied value if the flag is used without one. */
  bare?: string;
  /** In the format of the flag. Numbers need one. */
  default?: string;
  /** One line, also for the README, `server.json` and the form of the bundle. */
  help: string;
  /** A bearer token: hosts hide its value. */
  secret?: true;
  /** Label in the form of the bundle. A setting without one is not in the form. */
  title?: string;
  /** Whether repeated values are joined. Otherwise, the last one counts. */
  joins?: (value: string) => boolean;
  /** Only has an effect over HTTP. */
  http?: true;
  /** The problem with a value, if any. `from` is its flag or variable. */
  check?: (value: string, from: string) => string | undefined;
}

/** All settings, in the order of the help. */
export const settings = {
  host: {
    flag: 'host',
    env: ['OLLAMA_MCP_HOST', 'OLLAMA_HOST'],
    kind: 'text',
    value: 'ADDRESS',
    help: 'Address of the Ollama server, in any form that OLLAMA_HOST takes (default 127.0.0.1:11434), or several as NAME=ADDRESS,NAME=ADDRESS',
    title: 'Ollama server',
    joins: isNamed,
    check: (host, from) => (from === 'OLLAMA_HOST' ? oneHostProblem(host) : addressProblem(host)),
  },
  apiKey: {
    env: ['OLLAMA_API_KEY'],
    kind: 'text',
    help: 'Key that is sent as a bearer token to the Ollama server only. With several servers, it is sent only to ollama.com, or use NAME=KEY,NAME=KEY',
    secret: true,
    title: 'API key',
  },
  model: {
    flag: 'model',
    env: ['OLLAMA_MCP_MODEL'],
    kind: 'text',
    value: 'NAME',
    help: 'Default model; makes `model` optional',
    title: 'Default model',
  },
  embedModel: {
    flag: 'embed-model',
    env: ['OLLAMA_MCP_EMBED_MODEL'],
    kind: 'text',
    value: 'NAME',
    help: 'Default model for embeddings',
    title: 'Default embedding model',
  },
  toolsets: {
    flag: 'toolsets',
    env: ['OLLAMA_MCP_TOOLSETS'],
    kind: 'list',
    value: 'NAMES',
    help: 'Groups of tools: inference, models, manage, web (default inference,models; none with --tools)',
    title: 'Toolsets',
    check: toolsetProblem,
  },
  tools: {
    flag: 'tools',
    env: ['OLLAMA_MCP_TOOLS'],
    kind: 'list',
    value: 'NAMES',
    help: 'Individual tools, in addition to the toolsets',
    check: (name) => toolProblem(name, knownTools),
  },
  excludeTools: {
    flag: 'exclude-tools',
    env: ['OLLAMA_MCP_EXCLUDE_TOOLS'],
    kind: 'list',
    value: 'NAMES',
    help: 'Tools to leave out',
    check: (name) => toolProblem(name, knownTools),
  },
  readOnly: {
    flag: 'read-only',
    env: ['OLLAMA_MCP_READ_ONLY'],
    kind: 'switch',
    help: 'Only tools that change nothing; overrides the other choices',
    title: 'Read only',
  },
  allowDir: {
    flag: 'allow-dir',
    env: ['OLLAMA_MCP_ALLOW_DIR'],
    kind: 'folders',
    value: 'FOLDER',
    help: 'Folder whose files tools may read. Repeat the flag for more folders, or separate them in the variable as in PATH',
    title: 'Folder to read files from',
  },
  allowWrite: {
    flag: 'allow-write',
    env: ['OLLAMA_MCP_ALLOW_WRITE'],
    kind: 'folders',
    value: 'FOLDER',
    help: 'Folder where `output` may write answers about many files, and nothing else; needs --allow-dir',
  },
  cacheDir: {
    flag: 'cache-dir',
    env: ['OLLAMA_MCP_CACHE_DIR'],
    kind: 'text',
    value: 'FOLDER',
    help: "Folder for cached vectors of ranked files (default ollama-toolbelt in the system's cache folder)",
  },
  cacheMb: {
    flag: 'cache-mb',
    env: ['OLLAMA_MCP_CACHE_MB'],
    kind: 'number',
    value: 'MB',
    default: '1000',
    help: 'Maximum size of that cache in megabytes; 0 for no cache',
  },
  confirm: {
    flag: 'confirm',
    env: ['OLLAMA_MCP_CONFIRM'],
    kind: 'text',
    value: 'HOW',
    default: 'ask',
    help: 'How destructive calls are confirmed: "ask" the user if the host can, or by "argument" if the host answers by itself',
    check: (way, from) =>
      confirmWays.some((known) => known === way) ? undefined : `${from} should be ${confirmWays.join(' or ')}.`,
  },
  protocol: {
    flag: 'protocol',
    env: ['OLLAMA_MCP_PROTOCOL'],
    kind: 'text',
    value: 'REVISION',
    default: newestProtocol,
    help: 'Newest MCP revision to speak, in addition to older ones; 2025-11-25 for a host that mixes revisions',
    check: (revision, from) => protocolProblem(from, revision),
  },
  concurrency: {
    flag: 'concurrency',
    env: ['OLLAMA_MCP_CONCURRENCY'],
    kind: 'number',
    value: 'CALLS',
    default: String(DEFAULT_CONCURRENCY),
    help: 'How many calls each model gets at a time; raise it with OLLAMA_NUM_PARALLEL of the Ollama server',
    check: (calls, from) => (Number(calls) === 0 ? `${from} should be at least 1.` : undefined),
  },
  budgetMs: {
    flag: 'budget-ms',
    env: ['OLLAMA_MCP_BUDGET_MS'],
    kind: 'number',
    value: 'MS',
    default: String(DEFAULT_BUDGET_MS),
    help: 'Time in milliseconds after which a call returns the answer so far and continues as a job; 0 for no limit',
    title: 'Time budget in milliseconds',
  },
  memoryMb: {
    flag: 'memory-mb',
    env: ['OLLAMA_MCP_MEMORY_MB'],
    kind: 'number',
    value: 'MB',
    default: '0',
    help: "Memory in megabytes for calls and for state between calls; 0 for a quarter of the memory of the machine or container, at most half of Node's heap limit",
  },
  http: {
    flag: 'http',
    http: true,
    env: ['OLLAMA_MCP_HTTP'],
    kind: 'text',
    value: '[ADDRESS:]PORT',
    bare: '127.0.0.1:3333',
    help: 'Serve over HTTP at /mcp instead of stdio; without a value, on 127.0.0.1:3333',
    check: httpAddressProblem,
  },
  httpAllow: {
    flag: 'http-allow',
    http: true,
    env: ['OLLAMA_MCP_HTTP_ALLOW'],
    kind: 'list',
    value: 'NAMES',
    help: 'Extra host names accepted in Host and Origin',
    check: hostNameProblem,
  },
  httpSessions: {
    flag: 'http-sessions',
    http: true,
    env: ['OLLAMA_MCP_HTTP_SESSIONS'],
    kind: 'switch',
    help: 'Keep sessions for HTTP clients: conversations, jobs and questions; not for several servers at one address',
  },
  token: {
    env: ['OLLAMA_MCP_TOKEN'],
    http: true,
    kind: 'text',
    help: 'Bearer token that HTTP clients must send; required if other machines can connect',
    secret: true,
    check: tokenProblem,
  },
  oauthIssuer: {
    flag: 'oauth-issuer',
    http: true,
    env: ['OLLAMA_MCP_OAUTH_ISSUER'],
    kind: 'text',
    value: 'URL',
    help: 'Accept access tokens of this OAuth issuer from HTTP clients; needs --oauth-audience',
    check: (url, from) => oauthUrlProblem(from, url),
  },
  oauthAudience: {
    flag: 'oauth-audience',
    http: true,
    env: ['OLLAMA_MCP_OAUTH_AUDIENCE'],
    kind: 'text',
    value: 'URL',
    help: 'Public URL of this server, such as https://models.example.com/mcp; tokens must be issued for it',
    check: (url, from) => oauthUrlProblem(from, url),
  },
  verbose: {
    flag: 'verbose',
    env: ['OLLAMA_MCP_VERBOSE'],
    kind: 'switch',
    help: 'Log each call to stderr, without its content',
  },
} as const satisfies Record<string, Setting>;

/** The settings as rows. */
export const settingRows: readonly Setting[] = Object.values(settings);

/** Ollama's own variable only allows a single address. */
function oneHostProblem(host: string): string | undefined {
  const problem = hostProblem(host);
  const isSeveral = problem !== undefined && addressProblem(host) === undefined;
  return isSeveral
    ? 'OLLAMA_HOST takes one address, as in Ollama itself. Set several in --host or OLLAMA_MCP_HOST.'
    : problem;
}
