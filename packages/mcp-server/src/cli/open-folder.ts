import { constants } from 'node:fs';
import { type FileHandle, lstat, open, readlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isInside } from '@ollama-toolbelt/core/node';

/** A folder inside an allowed one, kept open so its path cannot be redirected. */
export interface OpenFolder {
  /**
   * Its path for system calls. On Linux it refers to the open folder itself, so a link that replaces the folder has no
   * effect.
   */
  readonly at: string;
  /** Whether operations with that path happened in this folder. If the path is only a name, checks it again. */
  isSame(): Promise<boolean>;
  close(): Promise<void>;
}

const FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_DIRECTORY ?? 0);

/**
 * Opens a folder; `undefined` if it cannot be opened, has become a link, or is outside.
 *
 * @param path without links, as returned by `realpath`
 */
export async function openFolder(path: string, folders: readonly string[]): Promise<OpenFolder | undefined> {
  const folder = folders.find((one) => isInside(one, path));
  if (folder === undefined) return undefined;
  const handle = await open(path, FLAGS).catch(() => undefined);
  if (handle === undefined) {
    // Windows cannot open folders. Elsewhere it was a link or missing, and must not be reopened by name.
    return process.platform === 'win32' ? byName(path, folder) : undefined;
  }
  const real = await readlink(`/proc/self/fd/${handle.fd}`).catch(() => undefined);
  if (real !== undefined && folders.some((one) => isInside(one, real))) return byHandle(handle);
  await handle.close();
  return real === undefined ? byName(path, folder) : undefined;
}

const byHandle = (handle: FileHandle): OpenFolder => ({
  at: `/proc/self/fd/${handle.fd}`,
  isSame: () => Promise.resolve(true),
  close: () => handle.close(),
});

async function byName(path: string, folder: string): Promise<OpenFolder | undefined> {
  const before = await foldersTo(path, folder).catch(() => undefined);
  if (before === undefined) return undefined;
  return {
    at: path,
    isSame: async () => (await foldersTo(path, folder).catch(() => undefined)) === before,
    close: () => Promise.resolve(),
  };
}

/** Device and inode of each folder up to the allowed one; `undefined` if one is a link or not a folder. */
export async function foldersTo(path: string, folder: string): Promise<string | undefined> {
  const identities: string[] = [];
  for (let one = path; isInside(folder, one); one = dirname(one)) {
    const facts = await lstat(one, { bigint: true });
    if (!facts.isDirectory()) return undefined;
    identities.push(`${facts.dev}:${facts.ino}`);
    if (one === dirname(one)) break;
  }
  return identities.join();
}
