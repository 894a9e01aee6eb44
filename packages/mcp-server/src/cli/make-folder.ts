import { existsSync, mkdirSync } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Nobody else reads what is in it. */
const mode = 0o700;

/**
 * Makes a folder and those above it that are missing, one by one: where a file system lets nobody make one, as /proc, Node's
 * own `recursive` never ends.
 */
export async function makeFolder(path: string): Promise<void> {
  if (await isThere(path)) return;
  await makeFolder(dirname(path));
  try {
    await mkdir(path, { mode });
  } catch (error) {
    // Another process was faster.
    if (!(await isThere(path))) throw error;
  }
}

const isThere = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );

/** The same at once, before there is anything that could wait. */
export function makeFolderSync(path: string): void {
  if (existsSync(path)) return;
  makeFolderSync(dirname(path));
  mkdirSync(path, { mode });
}
