import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import type { Environment } from './read-config.ts';

const NAME = 'ollama-toolbelt';

/** The system's cache folder for programs; `undefined` if there is none. */
export function cacheFolder(env: Environment, platform: NodeJS.Platform): string | undefined {
  const base = env['XDG_CACHE_HOME'] || (platform === 'win32' ? env['LOCALAPPDATA'] : ownCache(platform));
  return base !== undefined && isAbsolute(base) ? join(base, NAME) : undefined;
}

function ownCache(platform: NodeJS.Platform): string | undefined {
  try {
    return platform === 'darwin' ? join(homedir(), 'Library', 'Caches') : join(homedir(), '.cache');
  } catch {
    // A container may run as a user without an account.
    return undefined;
  }
}
