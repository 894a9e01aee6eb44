import type { CallOptions } from '../options.ts';
import type { EmbedRequest } from '../schemas/embed.ts';

/** What a vector is filed under besides its text: the model as it is now, and every field that changes the vector. */
type Key = string;

type DigestOf = (model: string, call: CallOptions) => Promise<string | undefined>;

/** The vectors of one model under one set of settings. */
export interface CachedVectors {
  get(text: string): number[] | undefined;
  set(text: string, vector: readonly number[]): void;
}

/**
 * Vectors kept in memory, the least recently used ones dropped first. The model's digest is part of the key, so that a
 * model that was pulled again gives new ones.
 */
export class EmbeddingCache {
  readonly #maxBytes: number;
  readonly #digestOf: DigestOf;
  readonly #vectors = new Map<Key, Float64Array>();
  #bytes = 0;

  /** `digestOf` is asked for each call: it is cheap beside an embedding, and never stale. */
  constructor(maxBytes: number, digestOf: DigestOf) {
    this.#maxBytes = maxBytes;
    this.#digestOf = digestOf;
  }

  /** The vectors for a request like this one; nothing where the server does not tell the model's digest. */
  async open(request: EmbedRequest, call: CallOptions): Promise<CachedVectors | undefined> {
    const digest = await this.#digestOf(request.model, call);
    if (digest === undefined) return undefined;
    const { model: _, input: __, keep_alive: ___, ...settings } = request;
    const prefix = `${digest} ${JSON.stringify(settings)} `;
    return {
      get: (text) => this.#get(prefix + text),
      set: (text, vector) => this.#set(prefix + text, vector),
    };
  }

  #get(key: Key): number[] | undefined {
    const vector = this.#vectors.get(key);
    if (!vector) return undefined;
    this.#vectors.delete(key);
    this.#vectors.set(key, vector);
    return Array.from(vector);
  }

  #set(key: Key, vector: readonly number[]): void {
    this.#drop(key);
    const size = bytesOf(key, vector.length);
    if (size > this.#maxBytes) return;
    this.#vectors.set(key, Float64Array.from(vector));
    this.#bytes += size;
    for (const oldest of this.#vectors.keys()) {
      if (this.#bytes <= this.#maxBytes) break;
      this.#drop(oldest);
    }
  }

  #drop(key: Key): void {
    const vector = this.#vectors.get(key);
    if (!vector) return;
    this.#vectors.delete(key);
    this.#bytes -= bytesOf(key, vector.length);
  }
}

/** Two bytes a character and eight a number, and what a map entry costs. */
const bytesOf = (key: Key, length: number) => 2 * key.length + 8 * length + 100;
