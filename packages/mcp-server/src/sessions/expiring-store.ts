import type { Store } from '../tools/tool-context.ts';

export interface StoreLimits {
  maxSize: number;
  idleMs: number;
}

/** Things by id. When there are too many, the one unused for longest goes; each goes when it was unused for too long. */
export class ExpiringStore<Thing> implements Store<Thing> {
  readonly #things = new Map<string, { thing: Thing; usedAt: number }>();
  readonly #limits: StoreLimits;
  readonly #now: () => number;

  constructor(limits: StoreLimits, now: () => number = () => performance.now()) {
    this.#limits = limits;
    this.#now = now;
  }

  add(thing: Thing): string {
    this.#dropIdle();
    const id = crypto.randomUUID();
    this.#use(id, thing);
    while (this.#things.size > this.#limits.maxSize) this.#things.delete(this.#things.keys().next().value ?? '');
    return id;
  }

  get(id: string): Thing | undefined {
    this.#dropIdle();
    const found = this.#things.get(id);
    if (found !== undefined) this.#use(id, found.thing);
    return found?.thing;
  }

  get ids(): string[] {
    this.#dropIdle();
    return [...this.#things.keys()];
  }

  clear(): void {
    this.#things.clear();
  }

  #use(id: string, thing: Thing): void {
    // Taken out first, so that the order of the map is the order of use.
    this.#things.delete(id);
    this.#things.set(id, { thing, usedAt: this.#now() });
  }

  #dropIdle(): void {
    const oldest = this.#now() - this.#limits.idleMs;
    for (const [id, { usedAt }] of this.#things) if (usedAt < oldest) this.#things.delete(id);
  }
}
