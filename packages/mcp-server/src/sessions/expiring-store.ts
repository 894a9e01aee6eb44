export interface KeptLimits {
  most: number;
  idleMs: number;
}

/** Things by handle, for one client: at most so many, each until it was not used for so long. The least used goes first. */
export class Kept<Thing> {
  readonly #things = new Map<string, { thing: Thing; usedAt: number }>();
  readonly #limits: KeptLimits;
  readonly #now: () => number;

  constructor(limits: KeptLimits, now: () => number = () => performance.now()) {
    this.#limits = limits;
    this.#now = now;
  }

  /** The handle of the new one. */
  add(thing: Thing): string {
    this.#forget();
    const id = crypto.randomUUID();
    this.set(id, thing);
    while (this.#things.size > this.#limits.most) this.#things.delete(this.#things.keys().next().value ?? '');
    return id;
  }

  set(id: string, thing: Thing): void {
    // Taken out first, so that the order of the map is the order of use.
    this.#things.delete(id);
    this.#things.set(id, { thing, usedAt: this.#now() });
  }

  get(id: string): Thing | undefined {
    this.#forget();
    const kept = this.#things.get(id);
    if (kept !== undefined) this.set(id, kept.thing);
    return kept?.thing;
  }

  get ids(): string[] {
    this.#forget();
    return [...this.#things.keys()];
  }

  clear(): void {
    this.#things.clear();
  }

  #forget(): void {
    const oldest = this.#now() - this.#limits.idleMs;
    for (const [id, { usedAt }] of this.#things) if (usedAt < oldest) this.#things.delete(id);
  }
}
