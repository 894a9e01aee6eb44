import { existsSync, mkdirSync } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Only this user can read the folder. */
const mode = 0o700;

/**
 * Creates a folder and its missing parents, one by one. In file systems that do not allow new folders, such as /proc,
 * Node's own `recursive` option hangs.
 */
export async function makeFolder(path: string): Promise<void> {
  if (await isThere(path)) return;
  await makeFolder(dirname(path));
  try {
    await mkdir(path, { mode });
  } catch (error) {
    // Another process has created it first.
    if (!(await isThere(path))) throw error;
  }
}

const isThere = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );

/** The same, synchronous, for use at the start. */
export function makeFolderSync(path: string): void {
  if (existsSync(path)) return;
  makeFolderSync(dirname(path));
  mkdirSync(path, { mode });
}
