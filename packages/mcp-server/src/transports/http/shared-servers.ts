/** The same as the maximum number of sessions. */
const MAX_SUBJECTS = 200;

interface Ways<Kept> {
  /** Whether it is working although no request is open. */
  isBusy: (kept: Kept) => boolean;
  close: (kept: Kept) => void;
}

/** Keeps one entry for each subject of access tokens, and one for all clients without a subject. */
export class SharedServers<Kept> {
  readonly #create: () => Kept;
  readonly #ways: Ways<Kept>;
  readonly #kept = new Map<string | undefined, Kept>();

  constructor(create: () => Kept, ways: Ways<Kept>) {
    this.#create = create;
    this.#ways = ways;
  }

  of(subject: string | undefined): Kept {
    const kept = this.#kept.get(subject) ?? this.#create();
    // Delete it first, so the map is in order of use.
    this.#kept.delete(subject);
    this.#kept.set(subject, kept);
    this.#makeRoom();
    return kept;
  }

  close(): void {
    for (const kept of this.#kept.values()) this.#ways.close(kept);
    this.#kept.clear();
  }

  /** Drops the least recently used entry that is not busy. */
  #makeRoom(): void {
    if (this.#kept.size <= MAX_SUBJECTS) return;
    const newest = [...this.#kept.keys()].at(-1);
    const [subject, kept] = [...this.#kept].find(([of, one]) => of !== newest && !this.#ways.isBusy(one)) ?? [];
    if (kept === undefined) return;
    this.#kept.delete(subject);
    this.#ways.close(kept);
  }
}
