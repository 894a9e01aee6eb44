/** How each host is told to start a server: a file to edit, or a command to run. */

import { installCommand, type Launch, launchByNpx, launchInstalled, type ServerSettings } from './launch.ts';
import { shellWord } from './shell-word.ts';
import { yaml } from './yaml.ts';

const SERVER = 'ollama';

export interface HostConfig {
  /** Name of the host, for people. */
  title: string;
  /** Where the text goes. */
  place: string;
  language: 'json' | 'yaml' | 'sh';
  text: string;
  /** What has to be run before. */
  install?: string;
  /** What else one has to know. */
  note?: string;
}

interface Row {
  title: string;
  place: string;
  note?: string;
  /** Does not wait until npx has started the server, so it starts the installed command. */
  hurries?: true;
  language?: 'yaml';
  /** An object is the content of a file, a list is a command. */
  config: (launch: Launch) => object | string[];
}

const table = {
  'claude-desktop': {
    title: 'Claude Desktop',
    place: 'claude_desktop_config.json, by Settings, Developer, Edit Config',
    config: mcpServers,
  },
  'claude-code': {
    title: 'Claude Code',
    place: 'a terminal',
    note: 'Without `--scope user` it is there in the current folder only.',
    // --env takes as many values as follow it, so another option has to stand between it and the name.
    config: (launch) => [
      ...['claude', 'mcp', 'add', ...variables(launch), '--scope', 'user', '--transport', 'stdio', SERVER, '--'],
      ...words(launch),
    ],
  },
  vscode: {
    title: 'VS Code',
    place: '.vscode/mcp.json',
    config: (launch) => ({ servers: { [SERVER]: { type: 'stdio', ...serverEntry(launch) } } }),
  },
  cursor: { title: 'Cursor', place: '~/.cursor/mcp.json', config: mcpServers },
  windsurf: { title: 'Windsurf', place: '~/.codeium/windsurf/mcp_config.json', config: mcpServers },
  zed: {
    title: 'Zed',
    place: 'its settings.json, by the action "zed: open settings file"',
    config: (launch) => ({ context_servers: { [SERVER]: serverEntry(launch) } }),
  },
  cline: {
    title: 'Cline',
    place:
      'cline_mcp_settings.json, by MCP Servers, Configure; of Cline CLI: ~/.cline/data/settings/cline_mcp_settings.json',
    hurries: true,
    config: mcpServers,
  },
  codex: {
    title: 'Codex',
    place: 'a terminal',
    note: 'With `npx` in place of the installed command, add `required = true` below `[mcp_servers.ollama]` in ~/.codex/config.toml: else the first turn may start without its tools.',
    hurries: true,
    config: (launch) => ['codex', 'mcp', 'add', SERVER, ...variables(launch), '--', ...words(launch)],
  },
  'gemini-cli': {
    title: 'Gemini CLI',
    place: '~/.gemini/settings.json',
    note: 'Gemini CLI starts servers only in folders that it trusts: say yes when it asks, or use the command `/permissions`.',
    config: mcpServers,
  },
  'qwen-code': {
    title: 'Qwen Code',
    place: '~/.qwen/settings.json',
    config: mcpServers,
  },
  opencode: {
    title: 'opencode',
    place: '~/.config/opencode/opencode.json',
    config: (launch) => ({
      mcp: {
        [SERVER]: {
          type: 'local',
          command: words(launch),
          ...(launch.env && { environment: launch.env }),
        },
      },
    }),
  },
  continue: {
    title: 'Continue',
    place: '~/.continue/config.yaml',
    language: 'yaml',
    config: (launch) => ({ mcpServers: [{ name: SERVER, ...serverEntry(launch) }] }),
  },
  'fast-agent': {
    title: 'fast-agent',
    place: 'fastagent.config.yaml; name the server in `servers` of an agent, or by --servers ollama',
    language: 'yaml',
    config: (launch) => ({ mcp: { servers: { [SERVER]: serverEntry(launch) } } }),
  },
} as const satisfies Record<string, Row>;

export type AgentHost = keyof typeof table;

/** All hosts, the most used ones first. */
export const hosts = Object.keys(table) as readonly AgentHost[];

/** The lines that make one host start the server. */
export function hostConfig(host: AgentHost, settings: ServerSettings = {}): HostConfig {
  const { platform = 'linux' } = settings;
  const { title, place, note, hurries, language, config }: Row = table[host];
  const content = config(hurries ? launchInstalled(settings) : launchByNpx(settings));
  const told = { title, place, ...(note !== undefined && { note }), ...(hurries && { install: installCommand }) };
  if (Array.isArray(content))
    return { ...told, language: 'sh', text: content.map((word) => shellWord(word, platform)).join(' ') };
  return language === 'yaml'
    ? { ...told, language, text: yaml(content) }
    : { ...told, language: 'json', text: JSON.stringify(content, null, 2) };
}

/** How most hosts write one server. */
export const serverEntry = ({ command, args, env }: Launch): object => ({ command, args, ...(env && { env }) });

function mcpServers(launch: Launch): object {
  return { mcpServers: { [SERVER]: serverEntry(launch) } };
}

const words = ({ command, args }: Launch) => [command, ...args];

const variables = ({ env = {} }: Launch) =>
  Object.entries(env).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
