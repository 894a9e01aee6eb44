/** Something kept that goes when its room is needed. */
export interface Kept {
  /** Says that it was used, and how large it is now. */
  use(bytes: number): void;
  /** Gives its room back, when it goes for another reason. */
  end(): void;
}

/**
 * The memory that one process may take: for what calls are working on, and for what is kept between them. What is kept
 * makes room for calls, the one unused for longest first. Sizes are estimates.
 */
export class MemoryBudget {
  readonly maxBytes: number;
  #used = 0;
  /** In the order of their use. */
  readonly #kept = new Map<Kept, { bytes: number; drop: () => void }>();

  constructor(maxBytes: number = Number.POSITIVE_INFINITY) {
    this.maxBytes = maxBytes;
  }

  get usedBytes(): number {
    return this.#used;
  }

  /** Room for work that begins; undefined if there is none. What it gives back is called once, when the work is done. */
  take(bytes: number): (() => void) | undefined {
    if (!this.#makeRoom(bytes)) return undefined;
    this.#used += bytes;
    let isTaken = true;
    return () => {
      if (isTaken) this.#used -= bytes;
      isTaken = false;
    };
  }

  /** Room for something that is kept. `drop` is called when others need it, and at once if it is larger than all of it. */
  keep(bytes: number, drop: () => void): Kept {
    const kept: Kept = {
      use: (size) => {
        const entry = this.#kept.get(kept);
        if (entry === undefined) return;
        // Taken out first, so the order of the map is the order of use.
        this.#kept.delete(kept);
        this.#used += size - entry.bytes;
        this.#kept.set(kept, { bytes: size, drop });
        this.#makeRoom(0);
      },
      end: () => {
        const entry = this.#kept.get(kept);
        if (this.#kept.delete(kept)) this.#used -= entry?.bytes ?? 0;
      },
    };
    this.#kept.set(kept, { bytes: 0, drop });
    kept.use(bytes);
    return kept;
  }

  #makeRoom(bytes: number): boolean {
    const taken = [...this.#kept.values()].reduce((left, kept) => left - kept.bytes, this.#used);
    // Nothing is dropped for what would not fit then either.
    if (bytes > 0 && taken + bytes > this.maxBytes) return false;
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

/** About how many bytes a value of JSON takes. */
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
