/** How each host is told to start a server: a file to edit, or a command to run. */

export const hosts = ['claude-desktop', 'claude-code', 'vscode', 'cursor'] as const;
export type HostName = (typeof hosts)[number];

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

const SERVER = 'ollama';

/** The lines that make one host start the server. */
export function hostConfig(host: HostName, launch: Launch): HostConfig {
  switch (host) {
    case 'claude-desktop':
      return file('Claude Desktop', 'claude_desktop_config.json, by Settings, Developer, Edit Config', {
        mcpServers: { [SERVER]: entry(launch) },
      });
    case 'claude-code':
      return { title: 'Claude Code', place: 'a terminal', language: 'sh', text: claudeCommand(launch) };
    case 'vscode':
      return file('VS Code', '.vscode/mcp.json', { servers: { [SERVER]: { type: 'stdio', ...entry(launch) } } });
    case 'cursor':
      return file('Cursor', '~/.cursor/mcp.json', { mcpServers: { [SERVER]: entry(launch) } });
    default:
      return host satisfies never;
  }
}

const file = (title: string, place: string, content: object): HostConfig => ({
  title,
  place,
  language: 'json',
  text: JSON.stringify(content, null, 2),
});

function entry({ command, args, env }: Launch): object {
  return { command, args, ...(env && Object.keys(env).length > 0 && { env }) };
}

function claudeCommand({ command, args, env = {} }: Launch): string {
  const variables = Object.entries(env).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
  // --env takes as many values as follow it, so another option has to stand between it and the name.
  return ['claude', 'mcp', 'add', ...variables, '--transport', 'stdio', SERVER, '--', command, ...args]
    .map(shellWord)
    .join(' ');
}

const shellWord = (word: string) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);
