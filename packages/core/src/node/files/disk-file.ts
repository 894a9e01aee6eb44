import type { Stats } from 'node:fs';
import { type FileHandle, stat } from 'node:fs/promises';
import { OllamaError } from '../../errors/errors.ts';
import type { LocalFile } from '../../platform.ts';
import { notAFile, type OpenFile } from './open-file.ts';

const PIECE_BYTES = 256 * 1024;

/** A file on disk, as it was when it was found. It is open only while it is read. */
export class DiskFile implements LocalFile {
  readonly name: string;
  readonly size: number;
  readonly #path: string;
  readonly #modifiedMs: number;
  readonly #inode: number;
  readonly #openFile: OpenFile;

  private constructor(path: string, name: string, facts: Stats, openFile: OpenFile) {
    this.#openFile = openFile;
    this.#path = path;
    this.name = name;
    this.size = facts.size;
    this.#modifiedMs = facts.mtimeMs;
    this.#inode = facts.ino;
  }

  static async find(path: string, name: string, openFile: OpenFile): Promise<DiskFile> {
    const facts = await stat(path).catch((cause: unknown) => {
      throw unreadable(path, cause);
    });
    if (!facts.isFile()) throw notAFile(path);
    return new DiskFile(path, name, facts, openFile);
  }

  async digest(signal: AbortSignal, onBytes: (count: number) => void): Promise<string> {
    // Loaded on demand: loading takes time, and most programs upload nothing.
    const { createHash } = await import('node:crypto');
    const hash = createHash('sha256');
    for await (const piece of this.read()) {
      signal.throwIfAborted();
      hash.update(piece);
      onBytes(piece.length);
    }
    return `sha256:${hash.digest('hex')}`;
  }

  async *read(): AsyncGenerator<Uint8Array, void, undefined> {
    const handle = await this.#openFile(this.#path).catch((cause: unknown) => {
      throw unreadable(this.#path, cause);
    });
    try {
      await this.#check(handle);
      for (let remaining = this.size; remaining > 0; ) {
        const { buffer, bytesRead } = await this.#piece(
          handle,
          Math.min(remaining, PIECE_BYTES),
          this.size - remaining,
        );
        remaining -= bytesRead;
        yield buffer.subarray(0, bytesRead);
      }
      await this.#check(handle);
    } finally {
      await handle.close();
    }
  }

  async #piece(handle: FileHandle, length: number, position: number) {
    // A new buffer for each piece: the previous one may still be on its way to the socket.
    const piece = await handle.read(Buffer.allocUnsafe(length), 0, length, position).catch((cause: unknown) => {
      throw unreadable(this.#path, cause);
    });
    if (piece.bytesRead === 0) throw changed(this.#path);
    return piece;
  }

  async #check(handle: FileHandle): Promise<void> {
    const { size, mtimeMs, ino } = await handle.stat();
    if (size !== this.size || mtimeMs !== this.#modifiedMs || ino !== this.#inode) throw changed(this.#path);
  }
}

/** A custom opener may reject a file with its own message; errors of the system need one. */
function unreadable(path: string, cause: unknown): unknown {
  if (!(cause instanceof Error && 'syscall' in cause)) return cause;
  const reason = 'code' in cause ? String(cause.code) : 'no reason given';
  return new OllamaError(`${path} cannot be read (${reason}).`, {
    code: 'bad_request',
    path,
    hint: 'Check the path, and that this program may read it. A relative path starts from baseDir, or from the working directory.',
    cause,
  });
}

function changed(path: string): OllamaError {
  return new OllamaError(`${path} changed while it was read.`, {
    code: 'bad_request',
    path,
    retryable: true,
    hint: 'Wait until the program that writes the file is done, then try again.',
  });
}
