import { createHash } from 'node:crypto';
import { OllamaError } from '../../errors/errors.ts';
import type { EmbeddingStore } from '../../options.ts';
import { packVector, unpackVector } from './vector-bytes.ts';
import { openDatabase, type VectorDatabase } from './vector-database.ts';

/** Options of `diskEmbeddingStore`. */
export interface DiskStoreOptions {
  /** The file, on a local disk; its folder is created. SQLite adds two more next to it, `-wal` and `-shm`. */
  path: string;
  /** Maximum size of the file in bytes. The least recently used vectors are dropped first. */
  maxBytes: number;
}

/** A store on disk. */
export interface DiskEmbeddingStore extends EmbeddingStore, Disposable {
  /** Closes the file; a later call opens it again. */
  close(): void;
}

/** How many keys one query has. */
const CHUNK = 500;

/**
 * Vectors in a SQLite file, for `embedCache`. Several processes may share it. Texts are stored as a hash, so the file
 * contains none; numbers come back exactly as the server sent them. A damaged entry is a miss, and a damaged file is
 * replaced.
 *
 * It needs Node 22.13, Bun or Deno, which include `node:sqlite`.
 *
 * @throws OllamaError `bad_request` for an invalid path or size.
 *
 * @example
 * ```ts
 * import { createOllama, diskEmbeddingStore } from '@ollama-toolbelt/core/node';
 *
 * using embedCache = diskEmbeddingStore({ path: 'vectors.sqlite', maxBytes: 500_000_000 });
 * const ollama = createOllama({ embedCache });
 * const { embeddings } = await ollama.embed({ model: 'all-minilm', input: 'The sky is blue.' });
 * console.log(embeddings.length); // 1
 * ```
 */
export function diskEmbeddingStore({ path, maxBytes }: DiskStoreOptions): DiskEmbeddingStore {
  if (typeof path !== 'string' || path === '') throw wrong('path', 'path is the file to keep vectors in.');
  if (!(maxBytes > 0)) throw wrong('maxBytes', 'maxBytes is a number of bytes, such as 500_000_000.');
  let opened: Promise<VectorDatabase> | undefined;
  const database = () => {
    opened ??= openDatabase(path, maxBytes).catch((error) => {
      opened = undefined;
      throw error;
    });
    return opened;
  };
  return {
    async get(keys) {
      const db = await database();
      const found: (Float64Array | undefined)[] = [];
      for (let start = 0; start < keys.length; start += CHUNK) {
        const hashes = keys.slice(start, start + CHUNK).map(hashOf);
        for (const bytes of db.read(hashes)) found.push(bytes && unpackVector(bytes));
      }
      return found;
    },
    async set(entries) {
      const db = await database();
      db.write(entries.map(([key, vector]) => [hashOf(key), packVector(vector)]));
    },
    close() {
      // The call that opens it reports a failure.
      void opened?.then(
        (db) => db.close(),
        () => {},
      );
      opened = undefined;
    },
    [Symbol.dispose]() {
      this.close();
    },
  };
}

const hashOf = (key: string) => createHash('sha256').update(key).digest();

function wrong(option: string, hint: string): OllamaError {
  const message = `${option} of diskEmbeddingStore has a value of the wrong type.`;
  return new OllamaError(message, { code: 'bad_request', option, hint });
}
