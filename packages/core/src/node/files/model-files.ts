import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import { OllamaError } from '../../errors/errors.ts';
import { isModelPath } from '../../modelfile/local-path.ts';
import { badModelfile, type Reference } from '../../modelfile/modelfile.ts';
import type { LocalFile, LocalFiles } from '../../platform.ts';
import { DiskFile } from './disk-file.ts';
import { expandPath } from './expand-path.ts';
import { isInside } from './is-inside.ts';
import { filesForModel } from './model-folder.ts';
import { type OpenFile, openRegularFile } from './open-file.ts';

/** Files on the local disk. */
export const modelFiles = (openFile: OpenFile = openRegularFile): LocalFiles => ({
  async resolve({ from, adapter, draft }, baseDir = '.') {
    const base = resolve(baseDir);
    const paths: string[] = [];
    const sources = new Set<string>();
    let model: string | undefined;
    for (const reference of from) {
      const found = await find('FROM', reference, base, openFile);
      if (found) {
        paths.push(...found.paths);
        sources.add(found.source);
      } else if (isModelPath(reference.value)) {
        throw missing('FROM', reference);
      } else {
        model = reference.value;
      }
    }
    const drafts: string[] = [];
    for (const reference of draft) {
      const found = await findOrThrow('DRAFT', reference, base, openFile);
      if (sources.has(found.source)) {
        const text = `DRAFT must not reference the same local path as FROM: ${reference.value}`;
        throw badModelfile(text, reference.line, undefined, { command: 'DRAFT', path: reference.value });
      }
      drafts.push(...found.paths);
    }
    let adapters: string[] = [];
    for (const reference of adapter) adapters = (await findOrThrow('ADAPTER', reference, base, openFile)).paths;
    return {
      from: model,
      files: await named(paths, openFile),
      adapters: await named(adapters, openFile),
      draft_files: await named(drafts, openFile),
    };
  },
  open: (path) => DiskFile.find(resolve(path), basename(path), openFile),
});

interface Found {
  paths: string[];
  /** The file or folder itself, with links resolved. */
  source: string;
}

async function findOrThrow(command: string, reference: Reference, base: string, openFile: OpenFile): Promise<Found> {
  const found = await find(command, reference, base, openFile);
  if (found === undefined) throw missing(command, reference);
  return found;
}

/** The files that a reference points to, or undefined if the path does not exist. */
async function find(
  command: string,
  { value, line }: Reference,
  base: string,
  openFile: OpenFile,
): Promise<Found | undefined> {
  try {
    const path = await expandPath(value, base);
    const facts = await stat(path).catch(ignoreMissing);
    if (facts === undefined) return undefined;
    const source = await realpath(path);
    if (!isAbsolute(value) && isInside(base, path)) checkInside(await realpath(base), source);
    if (!facts.isDirectory()) return { paths: [path], source };
    const paths = await filesForModel(path, openFile).catch((cause: Error) => {
      throw badModelfile(
        `${command} ${value}: ${cause.message}`,
        line,
        `There is a folder ${path}. If an installed model is meant, write its tag too, as in ${value}:latest.`,
        { command, path: value },
      );
    });
    for (const file of paths) checkInside(source, await realpath(file));
    return { paths, source };
  } catch (cause) {
    if (cause instanceof OllamaError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw badModelfile(`${command} ${value}: ${reason}`, line, undefined, { command, path: value });
  }

  function checkInside(root: string, path: string): void {
    if (isInside(root, path)) return;
    throw badModelfile(
      `insecure path: ${relative(root, path)}`,
      line,
      `A link leads out of ${root}. Name the file itself; a model from Hugging Face is downloaded without links by --local-dir.`,
      { command, path: value },
    );
  }
}

/** A model name may be longer than a path can be, and have characters that some systems reject in a path. */
function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (!['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'EINVAL'].includes(error.code ?? '')) throw error;
}

function missing(command: string, { value, line }: Reference): OllamaError {
  return badModelfile(`${command} ${value}: no such file or folder`, line, 'Relative paths start from baseDir.', {
    command,
    path: value,
  });
}

/** Names for the server: relative to the folder that all of them share. */
async function named(paths: readonly string[], openFile: OpenFile): Promise<LocalFile[]> {
  const unique = [...new Set(paths)];
  const root = unique.map((path) => dirname(path)).reduce(commonFolder, undefined);
  return Promise.all(unique.map((path) => DiskFile.find(path, nameUnder(root, path), openFile)));
}

function commonFolder(root: string | undefined, folder: string): string | undefined {
  let common = root ?? folder;
  while (!isInside(common, folder) && dirname(common) !== common) common = dirname(common);
  return common;
}

/** On two Windows drives there is no common folder. */
function nameUnder(root: string | undefined, path: string): string {
  const name = root !== undefined && isInside(root, path) ? relative(root, path) : basename(path);
  return name.split(sep).join('/');
}
