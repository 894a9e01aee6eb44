import { access } from 'node:fs/promises';
import { join, normalize } from 'node:path';
import { type AgentHost, agentHosts, type Folders, hosts } from '../agent-hosts.ts';

/** The machine and its user. */
export interface Machine {
  platform: NodeJS.Platform;
  home: string;
  /** The folder that the command runs in. */
  here: string;
  env: Readonly<Record<string, string | undefined>>;
}

/** The settings file of a host on this machine. */
export interface FoundFile {
  host: AgentHost;
  /** The file may not exist yet. */
  path: string;
}

/** The settings files of all installed hosts, or of the wanted ones. */
export async function findFiles(machine: Machine, wanted: readonly AgentHost[] = hosts): Promise<FoundFile[]> {
  const folders = foldersOf(machine);
  const all = wanted.flatMap((host) => agentHosts[host].files(folders).map((file) => ({ host, ...file })));
  const found = await Promise.all(
    all.map(async ({ host, sign, paths }) => {
      const there = await Promise.all(paths.map(exists));
      if (!there.includes(true) && !(await exists(sign))) return [];
      return [{ host, path: normalize(paths[Math.max(there.indexOf(true), 0)] ?? paths[0]) }];
    }),
  );
  return found.flat();
}

function foldersOf({ platform, home, here, env }: Machine): Folders {
  const config = env['XDG_CONFIG_HOME'] || join(home, '.config');
  const appData =
    platform === 'darwin'
      ? join(home, 'Library', 'Application Support')
      : platform === 'win32'
        ? env['APPDATA'] || join(home, 'AppData', 'Roaming')
        : config;
  return { home, appData, config, here, platform, env };
}

/** Whether the command is installed, so hosts can start it without npx. */
export async function isInstalled({ platform, env }: Machine): Promise<boolean> {
  const windows = platform === 'win32';
  const folders = (env['PATH'] ?? env['Path'] ?? '').split(windows ? ';' : ':');
  // npx adds temporary folders to the PATH.
  const lasting = folders.filter((folder) => folder !== '' && !/[\\/](_npx|node_modules)[\\/]/.test(`${folder}/`));
  const there = await Promise.all(lasting.map((folder) => exists(join(folder, windows ? `${COMMAND}.cmd` : COMMAND))));
  return there.includes(true);
}

const COMMAND = 'ollama-toolbelt-mcp';

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );
