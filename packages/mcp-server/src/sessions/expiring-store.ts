import { type Kept, MemoryBudget, weigh } from '../tools/memory-budget.ts';
import type { Store } from '../tools/tool-context.ts';

export interface StoreLimits {
  maxSize: number;
  idleMs: number;
}

export interface StoreOptions<Thing> extends StoreLimits {
  /** Memory budget of the entries. */
  budget?: MemoryBudget;
  /** Estimated size of an entry. */
  bytesOf?: (thing: Thing) => number;
  /** Whether `ids` returns the ids. @default true */
  isListed?: boolean;
}

interface Entry<Thing> {
  thing: Thing;
  usedAt: number;
  kept: Kept;
}

/**
 * Entries by id. If there are too many, or not enough memory, the least recently used one is dropped. Entries that are
 * not used for too long expire.
 */
export class ExpiringStore<Thing> implements Store<Thing> {
  readonly #things = new Map<string, Entry<Thing>>();
  readonly #limits: StoreLimits;
  readonly #budget: MemoryBudget;
  readonly #bytesOf: (thing: Thing) => number;
  readonly #isListed: boolean;

  constructor({ budget, bytesOf, isListed = true, ...limits }: StoreOptions<Thing>) {
    this.#limits = limits;
    this.#budget = budget ?? new MemoryBudget();
    this.#bytesOf = bytesOf ?? weigh;
    this.#isListed = isListed;
  }

  add(thing: Thing): string {
    this.#dropIdle();
    const id = crypto.randomUUID();
    // The budget can drop this entry to free memory.
    const entry = { thing, usedAt: performance.now(), kept: this.#budget.keep(0, () => this.#things.delete(id)) };
    this.#things.set(id, entry);
    entry.kept.use(this.#bytesOf(thing));
    while (this.#things.size > this.#limits.maxSize) this.#drop(this.#things.keys().next().value ?? '');
    return id;
  }

  get(id: string): Thing | undefined {
    this.#dropIdle();
    const found = this.#things.get(id);
    if (found !== undefined) this.#use(id, found);
    return found?.thing;
  }

  get ids(): string[] | undefined {
    this.#dropIdle();
    return this.#isListed ? [...this.#things.keys()] : undefined;
  }

  /** Updates the sizes of the entries, which may have grown. */
  weigh(): void {
    for (const { thing, kept } of [...this.#things.values()]) kept.use(this.#bytesOf(thing));
  }

  clear(): void {
    for (const id of [...this.#things.keys()]) this.#drop(id);
  }

  #use(id: string, entry: Entry<Thing>): void {
    // Delete it first, so the map is in order of use.
    this.#things.delete(id);
    this.#things.set(id, { ...entry, usedAt: performance.now() });
    entry.kept.use(this.#bytesOf(entry.thing));
  }

  #drop(id: string): void {
    // Stryker disable next-line OptionalChaining: only called with ids of entries
    this.#things.get(id)?.kept.end();
    this.#things.delete(id);
  }

  #dropIdle(): void {
    const oldest = performance.now() - this.#limits.idleMs;
    for (const [id, { usedAt }] of this.#things) if (usedAt < oldest) this.#drop(id);
  }
}
