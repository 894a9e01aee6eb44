import { type EmbedResponse, nearestVectors, usageOf } from '@ollama-toolbelt/core/neutral';

/** A text that is ranked, and where it comes from. */
export interface Candidate {
  /** Place in a list. */
  index?: number;
  file?: string;
  line?: number;
  text: string;
}

export type Ranked = Candidate & { score: number };

/** The texts closest to a query so far. Only the best are kept, however many there are. */
export class Ranking {
  readonly #k: number;
  #wanted: readonly number[] = [];
  #best: Ranked[] = [];
  #count = 0;
  #model: string;
  readonly #usage: Record<string, number> = {};

  constructor(model: string, k: number) {
    this.#model = model;
    this.#k = k;
  }

  /** How many texts were compared. */
  get count(): number {
    return this.#count;
  }

  /** The answer to the query and some candidates after it. */
  begin(
    candidates: readonly Candidate[],
    { embeddings: [wanted = [], ...embeddings], ...answer }: EmbedResponse,
  ): void {
    this.#wanted = wanted;
    this.add(candidates, { ...answer, embeddings });
  }

  /** The answer to some candidates, in their order. */
  add(candidates: readonly Candidate[], answer: EmbedResponse): void {
    const near = nearestVectors(this.#wanted, answer.embeddings, { most: this.#k });
    const scored = near.map(({ index, score }) => ({ score, ...(candidates[index] as Candidate) }));
    this.#best = [...this.#best, ...scored].sort((a, b) => b.score - a.score).slice(0, this.#k);
    this.#count += candidates.length;
    this.#model = answer.model;
    // Texts that were known cost nothing, and each request counts its own.
    for (const [name, value] of Object.entries(usageOf(answer))) this.#usage[name] = (this.#usage[name] ?? 0) + value;
  }

  value() {
    return {
      model: this.#model,
      candidates: this.#count,
      results: this.#best.map(({ score, ...candidate }) => ({ score: Math.round(score * 1e4) / 1e4, ...candidate })),
      usage: { ...this.#usage },
    };
  }
}
