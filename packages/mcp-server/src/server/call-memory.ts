import type { MemoryBudget } from '../tools/memory-budget.ts';

/** What one message takes of the memory of the process, from its first byte to the end of its answer. */
export class CallMemory {
  readonly #budget: MemoryBudget;
  readonly #releases: (() => void)[] = [];

  constructor(budget: MemoryBudget) {
    this.#budget = budget;
  }

  /** Whether there was room for so much more. */
  grow(bytes: number): boolean {
    const release = this.#budget.take(bytes);
    if (release !== undefined) this.#releases.push(release);
    return release !== undefined;
  }

  end(): void {
    for (const release of this.#releases.splice(0)) release();
  }
}
