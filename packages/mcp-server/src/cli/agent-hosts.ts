/** The agent hosts: how each writes what starts a server, and where it keeps that. */
import type { Launch } from './launch.ts';

/** Name of the server in every host. */
export const SERVER = 'ollama';

/** Folders of a machine that hosts keep their settings in. */
export interface Folders {
  home: string;
  /** Of programs with a window: Application Support, AppData\Roaming, or `config`. */
  appData: string;
  /** `~/.config`, or what XDG_CONFIG_HOME says. */
  config: string;
  /** The folder that the command runs in. */
  here: string;
  platform: NodeJS.Platform;
  env: Readonly<Record<string, string | undefined>>;
}

/** A place where a host may have its settings. */
export interface SettingsFile {
  /** The host is on this machine if this file or folder exists. */
  sign: string;
  /** The first that exists, else the first. */
  paths: readonly [string, ...string[]];
}

export interface HostRow {
  title: string;
  place: string;
  /** What one has to know of the lines that are printed. */
  note?: string;
  /** What else there is to do. */
  afterwards?: string;
  /** Does not wait until npx has started the server, so it starts the installed command. */
  hurries?: true;
  /** What makes a host that hurries wait for npx. */
  waiting?: object;
  format: 'json' | 'yaml' | 'toml';
  /** The keys above the entries of servers. */
  at: readonly string[];
  /** There is a list, whose items have names. */
  isList?: true;
  entry(launch: Launch): object;
  /** Does it in a terminal, in place of editing a file. */
  command?(launch: Launch): string[];
  files(folders: Folders): readonly SettingsFile[];
}

const table = {
  'claude-desktop': {
    title: 'Claude Desktop',
    place: 'claude_desktop_config.json, through Settings, Developer, Edit Config',
    ...inMcpServers(),
    files: ({ appData }) => [inFolder(`${appData}/Claude`, 'claude_desktop_config.json')],
  },
  'claude-code': {
    title: 'Claude Code',
    place: 'a terminal',
    note: 'Without `--scope user`, it is available only in the current folder.',
    ...inMcpServers((launch) => ({ type: 'stdio', ...serverEntry(launch) })),
    // --env takes as many values as follow it, so another option has to stand between it and the name.
    command: (launch) => [
      ...['claude', 'mcp', 'add', ...variables(launch), '--scope', 'user', '--transport', 'stdio', SERVER, '--'],
      ...words(launch),
    ],
    files({ home, env }) {
      const own = env['CLAUDE_CONFIG_DIR'];
      return [own ? inFolder(own, '.claude.json') : { sign: `${home}/.claude`, paths: [`${home}/.claude.json`] }];
    },
  },
  vscode: {
    title: 'VS Code',
    place: '.vscode/mcp.json',
    format: 'json',
    at: ['servers'],
    entry: (launch) => ({ type: 'stdio', ...serverEntry(launch) }),
    files: ({ appData }) =>
      ['Code', 'Code - Insiders', 'VSCodium'].map((name) => inFolder(`${appData}/${name}/User`, 'mcp.json')),
  },
  cursor: {
    title: 'Cursor',
    place: '~/.cursor/mcp.json',
    ...inMcpServers(),
    files: ({ home }) => [inFolder(`${home}/.cursor`, 'mcp.json')],
  },
  windsurf: {
    title: 'Windsurf',
    place: '~/.codeium/windsurf/mcp_config.json',
    ...inMcpServers(),
    files: ({ home }) => [inFolder(`${home}/.codeium/windsurf`, 'mcp_config.json')],
  },
  zed: {
    title: 'Zed',
    place: 'its settings.json, through the action "zed: open settings file"',
    format: 'json',
    at: ['context_servers'],
    entry: serverEntry,
    files: ({ platform, appData, config }) => [
      inFolder(platform === 'win32' ? `${appData}/Zed` : `${config}/zed`, 'settings.json'),
    ],
  },
  cline: {
    title: 'Cline',
    place:
      'cline_mcp_settings.json, through MCP Servers, Configure; for Cline CLI: ~/.cline/data/settings/cline_mcp_settings.json',
    hurries: true,
    ...inMcpServers(),
    files: ({ home, appData }) =>
      [`${appData}/Code/User/globalStorage/saoudrizwan.claude-dev`, `${home}/.cline/data`].map((sign) => ({
        sign,
        paths: [`${sign}/settings/cline_mcp_settings.json`],
      })),
  },
  codex: {
    title: 'Codex',
    place: 'a terminal',
    note: 'If you use `npx` instead of the installed command, add `required = true` below `[mcp_servers.ollama]` in ~/.codex/config.toml. Otherwise the first turn may start without the tools.',
    hurries: true,
    waiting: { required: true },
    format: 'toml',
    at: ['mcp_servers'],
    // Its own command writes no empty list.
    entry: ({ command, args, env }) => ({ command, ...(args.length > 0 && { args }), ...(env && { env }) }),
    command: (launch) => ['codex', 'mcp', 'add', SERVER, ...variables(launch), '--', ...words(launch)],
    files: ({ home, env }) => [inFolder(env['CODEX_HOME'] || `${home}/.codex`, 'config.toml')],
  },
  'gemini-cli': {
    title: 'Gemini CLI',
    place: '~/.gemini/settings.json',
    afterwards:
      'Gemini CLI starts servers only in folders that it trusts: say yes when it asks, or use the command `/permissions`.',
    ...inMcpServers(),
    files: ({ home }) => [inFolder(`${home}/.gemini`, 'settings.json')],
  },
  'qwen-code': {
    title: 'Qwen Code',
    place: '~/.qwen/settings.json',
    ...inMcpServers(),
    files: ({ home }) => [inFolder(`${home}/.qwen`, 'settings.json')],
  },
  opencode: {
    title: 'opencode',
    place: '~/.config/opencode/opencode.json',
    format: 'json',
    at: ['mcp'],
    entry: (launch) => ({ type: 'local', command: words(launch), ...(launch.env && { environment: launch.env }) }),
    files: ({ config }) => [inFolder(`${config}/opencode`, 'opencode.json', 'opencode.jsonc')],
  },
  continue: {
    title: 'Continue',
    place: '~/.continue/config.yaml',
    format: 'yaml',
    at: ['mcpServers'],
    isList: true,
    entry: (launch) => ({ name: SERVER, ...serverEntry(launch) }),
    files: ({ home }) => [inFolder(`${home}/.continue`, 'config.yaml')],
  },
  'fast-agent': {
    title: 'fast-agent',
    place: 'fastagent.config.yaml',
    afterwards:
      'fast-agent offers a server to agents that name it in `servers`, or to all agents with `--servers ollama`.',
    format: 'yaml',
    at: ['mcp', 'servers'],
    entry: serverEntry,
    files: ({ here }) => [{ sign: `${here}/fastagent.config.yaml`, paths: [`${here}/fastagent.config.yaml`] }],
  },
} as const satisfies Record<string, HostRow>;

export type AgentHost = keyof typeof table;

/** All hosts, the most used ones first. */
export const hosts = Object.keys(table) as readonly AgentHost[];

export const agentHosts: Readonly<Record<AgentHost, HostRow>> = table;

/** How most hosts write one server. */
export function serverEntry({ command, args, env }: Launch): object {
  return { command, args, ...(env && { env }) };
}

/** As most hosts have it. */
function inMcpServers(entry: HostRow['entry'] = serverEntry) {
  return { format: 'json', at: ['mcpServers'], entry } as const;
}

const inFolder = (sign: string, ...[first, ...others]: [string, ...string[]]): SettingsFile => ({
  sign,
  paths: [`${sign}/${first}`, ...others.map((name) => `${sign}/${name}`)],
});

const words = ({ command, args }: Launch) => [command, ...args];

const variables = ({ env = {} }: Launch) =>
  Object.entries(env).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
