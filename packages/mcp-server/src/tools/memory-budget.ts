/** A kept entry, which is dropped if its memory is needed. */
export interface Kept {
  /** Records that it was used, and its current size. */
  use(bytes: number): void;
  /** Frees its memory, if it was removed for another reason. */
  end(): void;
}

/**
 * The memory that one process may use, for running calls and for entries kept between calls. If calls need memory, the
 * least recently used entries are dropped. Sizes are estimates.
 */
export class MemoryBudget {
  readonly maxBytes: number;
  #used = 0;
  /** In order of use. */
  readonly #kept = new Map<Kept, { bytes: number; drop: () => void }>();

  constructor(maxBytes: number = Number.POSITIVE_INFINITY) {
    this.maxBytes = maxBytes;
  }

  get usedBytes(): number {
    return this.#used;
  }

  /** Reserves memory for a call; `undefined` if there is not enough. Call the returned function to free it. */
  take(bytes: number): (() => void) | undefined {
    if (!this.#makeRoom(bytes)) return undefined;
    this.#used += bytes;
    let isTaken = true;
    return () => {
      if (isTaken) this.#used -= bytes;
      isTaken = false;
    };
  }

  /** Adds a kept entry. `drop` is called if its memory is needed, and at once if it exceeds the whole budget. */
  keep(bytes: number, drop: () => void): Kept {
    const kept: Kept = {
      use: (size) => {
        const entry = this.#kept.get(kept);
        if (entry === undefined) return;
        // Delete it first, so the map is in order of use.
        this.#kept.delete(kept);
        this.#used += size - entry.bytes;
        this.#kept.set(kept, { bytes: size, drop });
        this.#makeRoom(0);
      },
      end: () => {
        this.#used -= this.#kept.get(kept)?.bytes ?? 0;
        this.#kept.delete(kept);
      },
    };
    this.#kept.set(kept, { bytes: 0, drop });
    kept.use(bytes);
    return kept;
  }

  #makeRoom(bytes: number): boolean {
    const taken = [...this.#kept.values()].reduce((left, kept) => left - kept.bytes, this.#used);
    // If it would still not fit, drop nothing.
    if (taken + bytes > this.maxBytes) return false;
    for (const [kept, { drop }] of this.#kept) {
      if (this.#used + bytes <= this.maxBytes) break;
      kept.end();
      drop();
    }
    return true;
  }
}

const TEXT_BYTES = 2;
const NUMBER_BYTES = 8;
const VALUE_BYTES = 32;

/** Estimates the bytes of a JSON value in memory. */
export function weigh(value: unknown): number {
  let bytes = 0;
  const open: unknown[] = [value];
  while (open.length > 0) {
    const next = open.pop();
    if (typeof next === 'string') bytes += next.length * TEXT_BYTES;
    else if (Array.isArray(next) && typeof next[0] === 'number') bytes += next.length * NUMBER_BYTES;
    else if (typeof next === 'object' && next !== null) {
      const inner = Object.values(next);
      bytes += inner.length * VALUE_BYTES;
      for (const one of inner) open.push(one);
    }
  }
  return bytes + VALUE_BYTES;
}
