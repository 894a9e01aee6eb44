import type { MemoryBudget } from '../tools/memory-budget.ts';

/** Memory of the process used by one message, from its first byte to the end of its response. */
export class CallMemory {
  readonly #budget: MemoryBudget;
  readonly #releases: (() => void)[] = [];

  constructor(budget: MemoryBudget) {
    this.#budget = budget;
  }

  /** Reserves more memory, if there is room. Returns whether there was. */
  grow(bytes: number): boolean {
    const release = this.#budget.take(bytes);
    if (release !== undefined) this.#releases.push(release);
    return release !== undefined;
  }

  end(): void {
    for (const release of this.#releases.splice(0)) release();
  }
}
