import { join, resolve } from 'node:path';
import {
  type DiskEmbeddingStore,
  diskEmbeddingStore,
  type EmbeddingStore,
  OllamaError,
} from '@ollama-toolbelt/core/node';
import { cacheFolder } from './cache-folder.ts';
import { makeFolder } from './make-folder.ts';
import type { Config } from './read-config.ts';

const NAME = 'vectors.sqlite';
const MB = 1_000_000;

/** The vector cache of the settings; `undefined` if it is off. */
export function keptVectorsIn({ cacheDir, cacheMb }: Pick<Config, 'cacheDir' | 'cacheMb'>): KeptVectors | undefined {
  if (cacheMb === 0) return undefined;
  const folder = cacheDir === undefined ? cacheFolder(process.env, process.platform) : resolve(cacheDir);
  return new KeptVectors(folder, cacheMb * MB);
}

/** Keeps vectors of file parts on disk. If that is not possible, finds none, and `problem` says why. */
export class KeptVectors implements EmbeddingStore {
  readonly folder: string | undefined;
  readonly #store: DiskEmbeddingStore;
  #problem: string | undefined;
  #isOpen = false;

  /** @param folder `undefined` if the system has no cache folder */
  constructor(folder: string | undefined, maxBytes: number) {
    this.folder = folder;
    this.#store = diskEmbeddingStore({ path: join(folder ?? '', NAME), maxBytes });
  }

  /** Why vectors could not be found or kept in the last lookup. */
  get problem(): string | undefined {
    return this.#problem;
  }

  get(keys: Parameters<EmbeddingStore['get']>[0]) {
    return this.#attempt(() => this.#store.get(keys), []);
  }

  async set(entries: Parameters<EmbeddingStore['set']>[0]): Promise<void> {
    // If the store could not be opened for reading, do not try again for each batch.
    if (this.#problem === undefined) await this.#attempt(() => this.#store.set(entries), undefined);
  }

  /** Whether they can be kept. */
  async check(): Promise<boolean> {
    await this.get([]);
    return this.#problem === undefined;
  }

  async #attempt<T>(work: () => T | Promise<T>, otherwise: T): Promise<T> {
    const { folder } = this;
    if (folder === undefined) {
      this.#problem = 'the system has no cache folder';
      return otherwise;
    }
    try {
      // A vector reveals something about its text, so nobody else may read the folder.
      if (!this.#isOpen) await makeFolder(folder);
      const value = await work();
      this.#problem = undefined;
      this.#isOpen = true;
      return value;
    } catch (error) {
      this.#problem = wordsOf(error, folder);
      return otherwise;
    }
  }
}

function wordsOf(error: unknown, folder: string): string {
  if (error instanceof OllamaError && error.code === 'unsupported')
    return `this needs Node 22.13 or newer, and this is ${process.version}`;
  const { cause = error } = error as { cause?: unknown };
  return `${folder} cannot be used (${cause instanceof Error ? cause.message : String(cause)})`;
}
