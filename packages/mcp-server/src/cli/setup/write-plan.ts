import { readlink, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { makeFolder } from '../make-folder.ts';
import { type Plan, textOf } from './plan.ts';

/**
 * Makes the planned change to one file: keeps a backup, and replaces the text atomically, so nobody can read a partial
 * file. A link stays a link, and the file keeps its permissions.
 *
 * @throws Error if the file has changed meanwhile, or cannot be written.
 */
export async function writePlan({ path, before, after, backup, spent }: Plan): Promise<void> {
  if ((await textOf(path)) !== before) throw new Error('has changed in the meantime: run setup again');
  try {
    if (backup !== undefined && before !== undefined) await replace(backup, before, await modeOf(path));
    const target = await targetOf(path);
    if (after === undefined) await rm(target);
    else await replace(target, after, await modeOf(target));
    if (spent !== undefined) await rm(spent, { force: true });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new Error(`cannot be written (${code ?? message})`);
  }
}

/**
 * The file that a link leads to, which may not exist yet. Any other path stays as it is. Links in a circle were
 * unreadable.
 */
async function targetOf(path: string): Promise<string> {
  const next = await readlink(path).catch(() => undefined);
  if (next === undefined) return path;
  const folder = await realpath(dirname(path)).catch(() => dirname(path));
  return targetOf(resolve(folder, next));
}

const modeOf = async (path: string): Promise<number | undefined> => (await stat(path).catch(() => undefined))?.mode;

async function replace(path: string, text: string, mode: number | undefined): Promise<void> {
  await makeFolder(dirname(path));
  const draft = `${path}.${process.pid}.tmp`;
  try {
    await writeFile(draft, text, { flag: 'wx', ...(mode !== undefined && { mode: mode & 0o777 }) });
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
