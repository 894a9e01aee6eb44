import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import type { Environment } from './read-config.ts';

const NAME = 'ollama-toolbelt';

/** Where the system has programs keep what they can make again; nothing if it says no place. */
export function cacheFolder(env: Environment, platform: NodeJS.Platform): string | undefined {
  const base = env['XDG_CACHE_HOME'] || (platform === 'win32' ? env['LOCALAPPDATA'] : ownCache(platform));
  return base !== undefined && isAbsolute(base) ? join(base, NAME) : undefined;
}

function ownCache(platform: NodeJS.Platform): string | undefined {
  try {
    return platform === 'darwin' ? join(homedir(), 'Library', 'Caches') : join(homedir(), '.cache');
  } catch {
    // A container may run as a user that the system does not know.
    return undefined;
  }
}
