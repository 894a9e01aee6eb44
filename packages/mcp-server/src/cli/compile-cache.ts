import { statSync } from 'node:fs';
import module from 'node:module';
import { join } from 'node:path';
import { cacheFolder } from './cache-folder.ts';
import { makeFolderSync } from './make-folder.ts';

const NAME = 'compiled';
/** By then the program is compiled. */
const LOADED_MS = 100;
const WRITABLE_BY_OTHERS = 0o022;

/**
 * Has Node keep what it compiles from here on, for the next start, which takes a fifth less with it. It is kept if this
 * Node can do that (22.8 on) and there is a folder for it that is nobody else's; otherwise a start is as it would be
 * without. Node's own NODE_DISABLE_COMPILE_CACHE turns it off, and NODE_COMPILE_CACHE names another folder.
 */
export function keepCompiled(): void {
  const { NODE_COMPILE_CACHE, NODE_DISABLE_COMPILE_CACHE } = process.env;
  const caches = cacheFolder(process.env, process.platform);
  if (!module.enableCompileCache || NODE_COMPILE_CACHE || NODE_DISABLE_COMPILE_CACHE || caches === undefined) return;
  const folder = join(caches, NAME);
  try {
    makeFolderSync(folder);
    // Anyone who can write there decides what this process runs.
    if (!isOurs(folder)) return;
    module.enableCompileCache(folder);
    // A process that ends by itself does that at its end; some hosts kill their servers.
    setTimeout(() => module.flushCompileCache?.(), LOADED_MS).unref();
  } catch {
    // Nothing can be kept.
  }
}

/** Windows has no such users and modes; what is in a person's own folder is theirs there. */
function isOurs(folder: string): boolean {
  if (process.getuid === undefined) return true;
  const { uid, mode } = statSync(folder);
  return uid === process.getuid() && (mode & WRITABLE_BY_OTHERS) === 0;
}
