import { realpathSync, statSync } from 'node:fs';
import { type FileHandle, realpath } from 'node:fs/promises';
import { isAbsolute, resolve } from 'node:path';
import { isInside, OllamaError } from '@ollama-toolbelt/core/node';
import { Refusal } from '../tools/refusal.ts';
import type { FileAccess, FileSource, Reserve, TextFile } from '../tools/tool-context.ts';
import { ConfigError } from './config-error.ts';
import { type KeptVectors, keptVectorsIn } from './kept-vectors.ts';
import { noSuchFile } from './no-such-file.ts';
import { openInside } from './open-inside.ts';
import { openOutput } from './output-file.ts';
import type { Config } from './read-config.ts';

/** No model has a larger context, and no request may contain a larger image. */
const MAX_TEXT_BYTES = 4_000_000;
const MAX_IMAGE_BYTES = 15_000_000;
const PIECE_BYTES = 1_048_576;
const SMALL_PIECE_BYTES = 4096;
/** A file is in memory as bytes, as text, in the request, and as JSON being sent. */
const COPIES = 4;

/** Files of this machine inside the given folders. */
export class DiskFiles implements FileSource {
  readonly folders: readonly string[];
  readonly #writable: readonly string[];
  /** Keeps the vectors of these files. */
  readonly vectors: KeptVectors | undefined;

  /**
   * @param writable folders to which a call may write its output
   * @throws ConfigError if one is not a folder.
   */
  constructor(folders: readonly string[], writable: readonly string[] = [], vectors?: KeptVectors) {
    this.vectors = vectors;
    this.folders = folders.map((folder) => realFolder('--allow-dir', folder));
    this.#writable = writable.map((folder) => realFolder('--allow-write', folder));
  }

  get canWrite(): boolean {
    return this.#writable.length > 0;
  }

  forCall(reserve: Reserve): FileAccess {
    const { vectors } = this;
    return {
      get vectorsProblem() {
        return vectors?.problem;
      },
      folders: this.folders,
      find: async (wanted, search) => {
        // Loaded here because the pattern parser would slow down the start of the server.
        const { findFiles } = await import('./find-files.ts');
        return findFiles(wanted, this.folders, search);
      },
      readText: (path) => this.#readText(path, reserve),
      readBase64: (path) => this.#readBase64(path, reserve),
      resolve: (path) => this.resolve(path),
      ...(this.canWrite && { openOutput: (path: string) => openOutput(path, this.#writable, reserve) }),
    };
  }

  async #readText(path: string, reserve: Reserve): Promise<TextFile> {
    const { bytes, release } = await this.#read(path, MAX_TEXT_BYTES, reserve);
    return { name: path, text: decode(bytes, path), release };
  }

  async #readBase64(path: string, reserve: Reserve): Promise<string> {
    return (await this.#read(path, MAX_IMAGE_BYTES, reserve)).bytes.toString('base64');
  }

  /** Refuses a path outside with the same message whether or not the file exists, so callers cannot probe for files. */
  async resolve(path: string): Promise<string> {
    if (namesOtherMachine(path) && !this.folders.some((folder) => isInside(folder, path)))
      throw noSuchFile(path, this.folders);
    const candidates = isAbsolute(path) ? [path] : this.folders.map((folder) => resolve(folder, path));
    for (const candidate of candidates) {
      const real = await realpath(candidate).catch(() => undefined);
      if (real !== undefined && this.folders.some((folder) => isInside(folder, real))) return real;
    }
    throw noSuchFile(path, this.folders);
  }

  /**
   * Opens a file for the core, which reads the files named in Modelfiles.
   *
   * @throws OllamaError `bad_request` if it is not a regular file of an allowed folder.
   */
  openForCore(path: string): Promise<FileHandle> {
    return this.#open(path).catch((cause: unknown) => {
      if (!(cause instanceof Refusal)) throw cause;
      throw new OllamaError(cause.message, { code: 'bad_request', hint: cause.hint, path, cause });
    });
  }

  async #open(path: string): Promise<FileHandle> {
    const file = await openInside(await this.resolve(path), this.folders);
    if (file === undefined) throw noSuchFile(path, this.folders);
    return file;
  }

  async #read(path: string, maxBytes: number, reserve: Reserve): Promise<{ bytes: Buffer; release: () => void }> {
    const file = await this.#open(path);
    try {
      const { size } = await file.stat();
      if (size > maxBytes) throw new Refusal(`${path} has ${size} bytes; ${maxBytes} is the most.`);
      const release = reserve(size * COPIES);
      return { bytes: await readAtMost(file, maxBytes, { size, path }), release };
    } finally {
      await file.close();
    }
  }
}

type FileSettings = Pick<Config, 'allowDir' | 'allowWrite' | 'cacheDir' | 'cacheMb'>;

/**
 * The files allowed by the settings.
 *
 * @throws ConfigError if a folder does not exist, or folders are writable but none are readable.
 */
export function diskFilesIn(config: FileSettings): DiskFiles | undefined {
  const { allowDir, allowWrite } = config;
  if (allowDir.length > 0) return new DiskFiles(allowDir, allowWrite, keptVectorsIn(config));
  if (allowWrite.length === 0) return undefined;
  throw new ConfigError(
    '--allow-write needs --allow-dir, because answers about the files in those folders are written.',
  );
}

function realFolder(flag: string, folder: string): string {
  // In the form that the system uses for its files: with the case on disk, and without short names such as RUNNER~1.
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return realpathSync.native(folder);
  throw new ConfigError(`${flag}: there is no folder ${folder}.`);
}

/** A file may grow while it is read, and files in /proc report that they are empty. */
async function readAtMost(
  file: FileHandle,
  maxBytes: number,
  { size: expected, path }: { size: number; path: string },
): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let size = 0;
  for (;;) {
    // One extra byte, to read a small file at once without a large buffer: thousands of those would be slow.
    // Stryker disable next-line MethodExpression,ArithmeticOperator: only its size
    const room = Math.min(Math.max(expected - size + 1, SMALL_PIECE_BYTES), PIECE_BYTES);
    // Stryker disable next-line ObjectLiteral: Node has a buffer of its own, of another size
    const { bytesRead, buffer } = await file.read({ buffer: Buffer.allocUnsafe(room) });
    if (bytesRead === 0) return Buffer.concat(pieces, size);
    size += bytesRead;
    if (size > maxBytes) throw new Refusal(`${path} has more than ${maxBytes} bytes, which is the most.`);
    pieces.push(buffer.subarray(0, bytesRead));
  }
}

function decode(bytes: Uint8Array, path: string): string {
  const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  try {
    const text = new TextDecoder(isUtf16 ? 'utf-16le' : 'utf-8', { fatal: true }).decode(bytes);
    if (!text.includes('\0')) return text;
  } catch {
    // Not text: the error is thrown below.
  }
  throw new Refusal(`${path} is not a text file.`, 'Pass images in images; convert other files to text first.');
}

/** `\\server\share`: on Windows, just accessing it sends the user's name and a hash of the password to that server. */
const namesOtherMachine = (path: string) => /^[/\\]{2}/.test(path);
