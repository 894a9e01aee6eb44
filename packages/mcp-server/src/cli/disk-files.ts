import { constants, realpathSync, statSync } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import { isAbsolute, resolve } from 'node:path';
import { isInside } from '@ollama-toolbelt/core/node';
import { Refusal } from '../tools/refusal.ts';
import type { FileAccess, TextFile } from '../tools/tool-context.ts';
import { ConfigError } from './config-error.ts';

/** No context of a model takes more text, and no body of a request a larger image. */
const MAX_TEXT_BYTES = 4_000_000;
const MAX_IMAGE_BYTES = 15_000_000;

/** Files of this machine inside some folders. */
export class DiskFiles implements FileAccess {
  readonly folders: readonly string[];

  /** @throws ConfigError if one is not a folder. */
  constructor(folders: readonly string[]) {
    this.folders = folders.map((folder) => {
      // As the system writes it, like the files in it: in the case of the disk, and without short names such as RUNNER~1.
      if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return realpathSync.native(folder);
      throw new ConfigError(`--allow-dir: there is no folder ${folder}.`);
    });
  }

  async readText(path: string): Promise<TextFile> {
    const bytes = await this.#read(path, MAX_TEXT_BYTES);
    return { name: path, text: decode(bytes, path) };
  }

  async readBase64(path: string): Promise<string> {
    return (await this.#read(path, MAX_IMAGE_BYTES)).toString('base64');
  }

  /** A path outside is refused in the same words whether the file exists or not, so nobody can look around. */
  async resolve(path: string): Promise<string> {
    if (namesOtherMachine(path) && !this.folders.some((folder) => isInside(folder, path))) throw this.#outside(path);
    const candidates = isAbsolute(path) ? [path] : this.folders.map((folder) => resolve(folder, path));
    for (const candidate of candidates) {
      const real = await realpath(candidate).catch(() => undefined);
      if (real !== undefined && this.folders.some((folder) => isInside(folder, real))) return real;
    }
    throw this.#outside(path);
  }

  #outside(path: string): Refusal {
    return new Refusal(
      `There is no file ${path} in the allowed folders.`,
      `These are: ${this.folders.join(', ')}. Links that lead out of them are not followed.`,
    );
  }

  async #read(path: string, maxBytes: number): Promise<Buffer> {
    const real = await this.resolve(path);
    // The file may be a link by now; a pipe that nobody writes to would block.
    const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
    const file = await open(real, flags).catch((cause: NodeJS.ErrnoException) => {
      throw new Refusal(`${path} cannot be read (${cause.code ?? cause.message}).`);
    });
    try {
      const facts = await file.stat();
      if (!facts.isFile()) throw new Refusal(`${path} is not a file.`);
      if (facts.size > maxBytes) throw new Refusal(`${path} has ${facts.size} bytes; ${maxBytes} is the most.`);
      return await file.readFile();
    } finally {
      await file.close();
    }
  }
}

function decode(bytes: Uint8Array, path: string): string {
  const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  try {
    const text = new TextDecoder(isUtf16 ? 'utf-16le' : 'utf-8', { fatal: true }).decode(bytes);
    if (!text.includes('\0')) return text;
  } catch {
    // Not text: the error follows.
  }
  throw new Refusal(`${path} is not a text file.`, 'Images go into images; convert other files to text first.');
}

/** `\\server\share`: on Windows the mere look at it signs in there with the user's name and a hash of the password. */
const namesOtherMachine = (path: string) => /^[/\\]{2}/.test(path);
