/** How each host is told to start a server: a file to edit, or a command to run. */

const SERVER = 'ollama';

/** What the host starts. */
export interface Launch {
  command: string;
  args: readonly string[];
  env?: Readonly<Record<string, string>>;
}

export interface HostConfig {
  /** Name of the host, for people. */
  title: string;
  /** Where the text goes. */
  place: string;
  language: 'json' | 'sh';
  text: string;
}

/** Each host, and how to configure it: an object is the content of its file, a list is a command. */
const table = {
  'claude-desktop': {
    title: 'Claude Desktop',
    place: 'claude_desktop_config.json, by Settings, Developer, Edit Config',
    config: mcpServers,
  },
  'claude-code': {
    title: 'Claude Code',
    place: 'a terminal',
    // --env takes as many values as follow it, so another option has to stand between it and the name.
    config: (launch) => [
      'claude',
      'mcp',
      'add',
      ...variables(launch),
      '--transport',
      'stdio',
      SERVER,
      '--',
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
  cline: { title: 'Cline', place: 'cline_mcp_settings.json, by MCP Servers, Configure', config: mcpServers },
  'gemini-cli': { title: 'Gemini CLI', place: '~/.gemini/settings.json', config: mcpServers },
  codex: {
    title: 'Codex',
    place: 'a terminal',
    config: (launch) => ['codex', 'mcp', 'add', SERVER, ...variables(launch), '--', ...words(launch)],
  },
} as const satisfies Record<string, { title: string; place: string; config: (launch: Launch) => object | string[] }>;

export type AgentHost = keyof typeof table;

/** All hosts, the most used ones first. */
export const hosts = Object.keys(table) as readonly AgentHost[];

/** The shell that a command is written for. */
type Shell = 'posix' | 'windows';

/** The lines that make one host start the server. */
export function hostConfig(host: AgentHost, launch: Launch, shell: Shell = 'posix'): HostConfig {
  const { title, place, config } = table[host];
  const content = config(launch);
  return Array.isArray(content)
    ? { title, place, language: 'sh', text: content.map(shellWords[shell]).join(' ') }
    : { title, place, language: 'json', text: JSON.stringify(content, null, 2) };
}

/** How most hosts write one server. */
export function serverEntry({ command, args, env }: Launch): object {
  return { command, args, ...(env && Object.keys(env).length > 0 && { env }) };
}

function mcpServers(launch: Launch): object {
  return { mcpServers: { [SERVER]: serverEntry(launch) } };
}

const words = ({ command, args }: Launch) => [command, ...args];

const variables = ({ env = {} }: Launch) =>
  Object.entries(env).flatMap(([name, value]) => ['--env', `${name}=${value}`]);

const shellWords = {
  posix: (word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`),
  // Read alike by cmd and PowerShell, which takes `@` and commas for itself. Programs take \" for a quotation mark.
  windows: (word) =>
    /^[\w+=:./\\-]+$/.test(word)
      ? word
      : `"${word.replace(/(\\*)("|$)/g, (_, slashes, quote) => slashes + slashes + (quote && '\\"'))}"`,
} as const satisfies Record<Shell, (word: string) => string>;
