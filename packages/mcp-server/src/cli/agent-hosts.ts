/** The agent hosts: the format of their server entries, and the location of their settings. */
import type { Launch } from './launch.ts';

/** Name of the server in every host. */
export const SERVER = 'ollama';

/** Folders in which hosts keep their settings. */
export interface Folders {
  home: string;
  /** For desktop programs: Application Support, AppData\Roaming, or `config`. */
  appData: string;
  /** `~/.config`, or the value of XDG_CONFIG_HOME. */
  config: string;
  /** The folder that the command runs in. */
  here: string;
  platform: NodeJS.Platform;
  env: Readonly<Record<string, string | undefined>>;
}

/** A possible location of a host's settings. */
export interface SettingsFile {
  /** The host is installed if this file or folder exists. */
  sign: string;
  /** Uses the first one that exists, else the first. */
  paths: readonly [string, ...string[]];
}

export interface HostRow {
  title: string;
  place: string;
  /** A note about the printed lines. */
  note?: string;
  /** Remaining steps for the person. */
  afterwards?: string;
  /** Its timeout is too short for npx, so it starts the installed command. */
  hurries?: true;
  /** Setting that makes such a host wait for npx. */
  waiting?: object;
  format: 'json' | 'yaml' | 'toml';
  /** The keys above the server entries. */
  at: readonly string[];
  /** The servers are a list of items with names. */
  isList?: true;
  entry(launch: Launch): object;
  /** A shell command that adds the server, instead of editing a file. */
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
    // --env takes all values that follow, so another option must come between it and the name.
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
    // The host's own command does not write an empty list either.
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
    note: 'In a new file, Continue also needs `name` and `version`: add the lines `name: Local` and `version: 1.0.0`.',
    format: 'yaml',
    at: ['mcpServers'],
    isList: true,
    entry: (launch) => ({ name: SERVER, ...serverEntry(launch) }),
    // Not a new file: it would take the place of an older config.json, and be invalid without a name.
    files: ({ home }) => [onlyIfThere(`${home}/.continue/config.yaml`)],
  },
  'fast-agent': {
    title: 'fast-agent',
    place: 'fastagent.config.yaml',
    afterwards:
      'fast-agent offers a server to agents that name it in `servers`, or to all agents with `--servers ollama`.',
    format: 'yaml',
    at: ['mcp', 'servers'],
    entry: serverEntry,
    files: ({ here }) => [onlyIfThere(`${here}/fastagent.config.yaml`)],
  },
} as const satisfies Record<string, HostRow>;

export type AgentHost = keyof typeof table;

/** All hosts, the most popular first. */
export const hosts = Object.keys(table) as readonly AgentHost[];

export const agentHosts: Readonly<Record<AgentHost, HostRow>> = table;

/** The entry for one server in most hosts. */
export function serverEntry({ command, args, env }: Launch): object {
  return { command, args, ...(env && { env }) };
}

/** The format of most hosts. */
function inMcpServers(entry: HostRow['entry'] = serverEntry) {
  return { format: 'json', at: ['mcpServers'], entry } as const;
}

const inFolder = (sign: string, ...[first, ...others]: [string, ...string[]]): SettingsFile => ({
  sign,
  paths: [`${sign}/${first}`, ...others.map((name) => `${sign}/${name}`)],
});

const onlyIfThere = (path: string): SettingsFile => ({ sign: path, paths: [path] });

const words = ({ command, args }: Launch) => [command, ...args];

const variables = ({ env = {} }: Launch) =>
  Object.entries(env).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
