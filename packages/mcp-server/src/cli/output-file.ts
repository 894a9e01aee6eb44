import { constants } from 'node:fs';
import { type FileHandle, lstat, open, readlink, realpath, rename, rm } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { isInside } from '@ollama-toolbelt/core/node';
import { Refusal } from '../tools/refusal.ts';
import type { OutputFile, Reserve } from '../tools/tool-context.ts';
import { type OpenFolder, openFolder } from './open-folder.ts';

const MAX_BYTES = 50_000_000;
/** Its content is in memory as bytes, as text and as lines. */
const COPIES = 4;

/** Does not follow links or wait for pipes. */
const EXISTING = constants.O_RDWR | constants.O_APPEND | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
const NEW = EXISTING | constants.O_CREAT | constants.O_EXCL;

/** By device and inode. Two calls would mix up their lines. */
const inUse = new Set<string>();

/**
 * Opens or creates a file for lines of JSON in one of the writable folders.
 *
 * @throws Refusal for any other location, and if it is not such a file.
 */
export async function openOutput(path: string, folders: readonly string[], reserve: Reserve): Promise<OutputFile> {
  const name = basename(path);
  if (!/^[^\p{Cc}<>:"|?*\\/]{1,200}\.(jsonl|ndjson)$/u.test(name)) {
    throw new Refusal(`output: ${path} must end with a plain name and .jsonl.`);
  }
  const folder = await folderOf(path, folders);
  try {
    const { handle, isNew } = await openIn(folder, name, path);
    try {
      return await DiskOutput.from({ folder, name, path: join(folder.real, name), handle, isNew }, folders, reserve);
    } catch (error) {
      await handle.close();
      throw error;
    }
  } catch (error) {
    await folder.close();
    throw error;
  }
}

/** The folder of a path. Outside, the error is the same whether or not the folder exists. */
async function folderOf(path: string, folders: readonly string[]): Promise<OpenFolder & { real: string }> {
  const candidates = isAbsolute(path) ? [path] : folders.map((folder) => resolve(folder, path));
  // `\\server\share`: on Windows, just accessing it signs in to that server.
  for (const candidate of /^[/\\]{2}/.test(path) ? [] : candidates) {
    const real = await realpath(dirname(candidate)).catch(() => undefined);
    const opened = real === undefined ? undefined : await openFolder(real, folders);
    if (real !== undefined && opened !== undefined) return { ...opened, real };
  }
  throw new Refusal(
    `output: ${path} is not in a folder that may be written to.`,
    `These are: ${folders.join(', ')}. Folders below them must already exist.`,
  );
}

async function openIn(folder: OpenFolder, name: string, path: string): Promise<{ handle: FileHandle; isNew: boolean }> {
  const file = join(folder.at, name);
  const unless = (expected: string) => (error: unknown) => {
    if (codeOf(error) !== expected) throw cannotWrite(path, error);
  };
  const old = await open(file, EXISTING).catch(unless('ENOENT'));
  if (old) return { handle: old, isNew: false };
  const created = await open(file, NEW).catch(unless('EEXIST'));
  if (created) return { handle: created, isNew: true };
  // Another call has created it first.
  return {
    handle: await open(file, EXISTING).catch((cause) => Promise.reject(cannotWrite(path, cause))),
    isNew: false,
  };
}

interface Opened {
  folder: OpenFolder;
  name: string;
  path: string;
  handle: FileHandle;
  isNew: boolean;
}

class DiskOutput implements OutputFile {
  readonly path: string;
  readonly content: string;
  readonly #opened: Opened;
  readonly #identity: string;
  readonly #release: () => void;
  #bytes: number;

  private constructor(opened: Opened, content: Buffer, identity: string, release: () => void) {
    this.path = opened.path;
    // A process that was killed may have written half of a character.
    this.content = new TextDecoder().decode(content);
    this.#bytes = content.byteLength;
    this.#opened = opened;
    this.#identity = identity;
    this.#release = release;
  }

  static async from(opened: Opened, folders: readonly string[], reserve: Reserve): Promise<DiskOutput> {
    const { handle, path } = opened;
    await checkPlace(opened, folders);
    const facts = await handle.stat({ bigint: true });
    const size = Number(facts.size);
    if (!facts.isFile()) throw new Refusal(`output: ${path} is not a file.`);
    if (facts.nlink > 1n)
      throw new Refusal(`output: ${path} also has another name (a hard link).`, 'Choose another name.');
    if (size > MAX_BYTES) throw tooLarge(path);
    const identity = `${facts.dev}:${facts.ino}`;
    if (inUse.has(identity)) throw new Refusal(`output: another call writes to ${path} now.`);
    const release = reserve(size * COPIES);
    inUse.add(identity);
    try {
      return new DiskOutput(opened, await handle.readFile(), identity, release);
    } catch (error) {
      inUse.delete(identity);
      throw cannotWrite(path, error);
    }
  }

  async append(text: string): Promise<void> {
    const { handle } = this.#opened;
    this.#bytes += Buffer.byteLength(text);
    if (this.#bytes > MAX_BYTES) throw tooLarge(this.path);
    try {
      await handle.appendFile(text);
      if ((await handle.stat()).nlink > 0) return;
    } catch (error) {
      throw cannotWrite(this.path, error);
    }
    throw new Refusal(`output: ${this.path} was removed or replaced during the call.`);
  }

  async replace(text: string): Promise<void> {
    const { folder, name } = this.#opened;
    const { size, mode } = await this.#opened.handle.stat();
    if (size !== this.#bytes) return;
    // Without the name, which may be as long as the system allows.
    const aside = join(folder.at, `.${crypto.randomUUID()}.jsonl`);
    const handle = await open(aside, NEW).catch((cause) => Promise.reject(cannotWrite(this.path, cause)));
    try {
      await handle.writeFile(text);
      await handle.chmod(mode & 0o777);
      if (!(await this.#isStillThere())) {
        throw new Refusal(`output: ${this.path} was removed or replaced during the call.`);
      }
      await rename(aside, join(folder.at, name));
    } catch (error) {
      await rm(aside, { force: true });
      throw error instanceof Refusal ? error : cannotWrite(this.path, error);
    } finally {
      await handle.close();
    }
  }

  async close(): Promise<void> {
    const { folder, handle, isNew, name } = this.#opened;
    inUse.delete(this.#identity);
    this.#release();
    const isLeftEmpty = isNew && (await handle.stat()).size === 0 && (await this.#isStillThere());
    await handle.close();
    if (isLeftEmpty) await rm(join(folder.at, name), { force: true });
    await folder.close();
  }

  /** Whether the name still refers to the open file. */
  async #isStillThere(): Promise<boolean> {
    const { folder, name } = this.#opened;
    const found = await lstat(join(folder.at, name), { bigint: true }).catch(() => undefined);
    return found !== undefined && `${found.dev}:${found.ino}` === this.#identity && (await folder.isSame());
  }
}

/** Checks that the open file is in the right folder: if a folder is only known by name, a link may have replaced it. */
async function checkPlace({ folder, handle, path }: Opened, folders: readonly string[]): Promise<void> {
  const real = await readlink(`/proc/self/fd/${handle.fd}`).catch(() => undefined);
  const isInPlace = real === undefined ? await folder.isSame() : folders.some((one) => isInside(one, real));
  if (!isInPlace) throw new Refusal(`output: the folder of ${path} was moved while the file was being opened.`);
}

const codeOf = (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : 'unknown');

const cannotWrite = (path: string, cause: unknown) => {
  const code = codeOf(cause);
  return new Refusal(code === 'ELOOP' ? `output: ${path} is a link.` : `output: ${path} cannot be written (${code}).`);
};

const tooLarge = (path: string) =>
  new Refusal(`output: ${path} would have more than ${MAX_BYTES / 1e6} MB.`, 'Start another file.');
