/** What a host starts. */
export interface Launch {
  command: string;
  args: readonly string[];
  env?: Readonly<Record<string, string>>;
}

/** What a host has to give the server. */
export interface ServerSettings {
  flags?: readonly string[];
  env?: Readonly<Record<string, string>>;
  /** Of the machine the host runs on. @default 'linux', which is written as macOS is */
  platform?: NodeJS.Platform;
}

const PACKAGE = '@ollama-toolbelt/mcp-server';

/** Has to be run once before a host can start the server by `launchInstalled`. */
export const installCommand = `npm install --global ${PACKAGE}`;

/** Starts the published package, which npx fetches if it is not there. */
export const launchByNpx = (settings: ServerSettings = {}): Launch => launch(['npx', '-y', PACKAGE], settings);

/** Starts the installed command. npx takes three times as long, which some hosts do not wait for. */
export const launchInstalled = (settings: ServerSettings = {}): Launch => launch(['ollama-toolbelt-mcp'], settings);

/** On Windows both commands are scripts, which a host can only run through `cmd`. */
function launch(words: readonly string[], { flags = [], env = {}, platform = 'linux' }: ServerSettings): Launch {
  const [command = '', ...args] = [...(platform === 'win32' ? ['cmd', '/c'] : []), ...words, ...flags];
  return { command, args, ...(Object.keys(env).length > 0 && { env }) };
}
