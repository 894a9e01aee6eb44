import { constants } from 'node:fs';
import { type FileHandle, lstat, open, readlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isInside } from '@ollama-toolbelt/core/node';

/** A folder that lies in one of the allowed ones, held so that what is done in it is done there. */
export interface OpenFolder {
  /**
   * Its path for calls of the system. On Linux that of the open folder itself, so no link which takes its place
   * leads them elsewhere.
   */
  readonly at: string;
  /** Whether what was done by that path was done in this folder. Where the path is only a name, its folders are looked at again. */
  isSame(): Promise<boolean>;
  close(): Promise<void>;
}

const FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_DIRECTORY ?? 0);

/**
 * Opens a folder; undefined if it cannot be opened, is a link by now, or lies outside.
 *
 * @param path without links, as `realpath` gives it
 */
export async function openFolder(path: string, folders: readonly string[]): Promise<OpenFolder | undefined> {
  const folder = folders.find((one) => isInside(one, path));
  if (folder === undefined) return undefined;
  const handle = await open(path, FLAGS).catch(() => undefined);
  if (handle === undefined) {
    // Windows opens no folders. Elsewhere it was a link or gone, and a later look at its name may find it back.
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

/** Device and inode of each folder from this one up to the allowed one; undefined if one is a link or no folder. */
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
