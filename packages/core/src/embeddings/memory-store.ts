import type { EmbeddingStore } from '../options.ts';

/** Vectors in memory, up to a number of bytes. The least recently used ones are dropped first. */
export class MemoryStore implements EmbeddingStore {
  readonly #maxBytes: number;
  readonly #vectors = new Map<string, Float64Array>();
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get(keys: readonly string[]): (Float64Array | undefined)[] {
    return keys.map((key) => {
      const vector = this.#vectors.get(key);
      if (!vector) return undefined;
      this.#vectors.delete(key);
      this.#vectors.set(key, vector);
      return vector;
    });
  }

  set(entries: readonly (readonly [key: string, vector: readonly number[]])[]): void {
    for (const [key, vector] of entries) this.#keep(key, vector);
  }

  #keep(key: string, vector: readonly number[]): void {
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

  #drop(key: string): void {
    const vector = this.#vectors.get(key);
    if (!vector) return;
    this.#vectors.delete(key);
    this.#bytes -= bytesOf(key, vector.length);
  }
}

/** Two bytes per character, eight per number, and the cost of a map entry. */
const bytesOf = (key: string, length: number) => 2 * key.length + 8 * length + 100;
