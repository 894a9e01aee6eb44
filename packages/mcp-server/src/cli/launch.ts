/** The command that a host starts. */
export interface Launch {
  command: string;
  args: readonly string[];
  env?: Readonly<Record<string, string>>;
}

/** Flags and variables that a host passes to the server. */
export interface ServerSettings {
  flags?: readonly string[];
  env?: Readonly<Record<string, string>>;
  /** The platform of the host. @default 'linux', which is the same as macOS here */
  platform?: NodeJS.Platform;
}

const PACKAGE = '@ollama-toolbelt/mcp-server';

/** Run this once before a host can use `launchInstalled`. */
export const installCommand = `npm install --global ${PACKAGE}`;

/** Starts the published package, which npx downloads if needed. */
export const launchByNpx = (settings: ServerSettings = {}): Launch => launch(['npx', '-y', PACKAGE], settings);

/** Starts the installed command. npx takes three times as long, too long for some hosts. */
export const launchInstalled = (settings: ServerSettings = {}): Launch => launch(['ollama-toolbelt-mcp'], settings);

/** On Windows, both commands are scripts, which a host can only run with `cmd`. */
function launch(words: readonly string[], { flags = [], env = {}, platform = 'linux' }: ServerSettings): Launch {
  const [command = '', ...args] = [...(platform === 'win32' ? ['cmd', '/c'] : []), ...words, ...flags];
  return { command, args, ...(Object.keys(env).length > 0 && { env }) };
}
