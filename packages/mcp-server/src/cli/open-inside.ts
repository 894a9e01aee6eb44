import { constants } from 'node:fs';
import { type FileHandle, lstat, open, readlink, realpath } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isInside } from '@ollama-toolbelt/core/node';
import { Refusal } from '../tools/refusal.ts';
import { foldersTo } from './open-folder.ts';

/** The file may have become a link, and a pipe without a writer would block. */
const FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * Opens a regular file in one of the folders; `undefined` if the opened file is elsewhere. A folder in the path may
 * become a link between the check and the opening, so this checks the open file.
 *
 * @param path without links, as returned by `realpath`
 * @throws Refusal if it cannot be opened, or is not a file.
 */
export async function openInside(path: string, folders: readonly string[]): Promise<FileHandle | undefined> {
  const file = await open(path, FLAGS).catch((cause: NodeJS.ErrnoException) => {
    throw new Refusal(`${path} cannot be read (${cause.code ?? cause.message}).`);
  });
  try {
    if (!(await file.stat()).isFile())
      throw new Refusal(`${path} is not a file.`, 'To name the files in a folder, use a pattern such as folder/**.');
    if (await liesInside(file, path, folders)) return file;
  } catch (error) {
    await file.close();
    throw error;
  }
  await file.close();
  return undefined;
}

async function liesInside(file: FileHandle, path: string, folders: readonly string[]): Promise<boolean> {
  // Linux reports the path of an open file.
  const real = await readlink(`/proc/self/fd/${file.fd}`).catch(() => undefined);
  if (real !== undefined) return folders.some((folder) => isInside(folder, real));
  const folder = folders.find((one) => isInside(one, path));
  return folder !== undefined && (await isStill(file, path, folder));
}

/** Whether the path still leads to the open file, without links among its folders before or after the check. */
async function isStill(file: FileHandle, path: string, folder: string): Promise<boolean> {
  const before = await foldersTo(dirname(path), folder);
  const [{ dev, ino }, found] = await Promise.all([file.stat({ bigint: true }), lstat(path, { bigint: true })]);
  const after = await foldersTo(dirname(path), folder);
  const isUnmoved = before !== undefined && after === before;
  return isUnmoved && found.dev === dev && found.ino === ino && (await realpath(path)) === path;
}
