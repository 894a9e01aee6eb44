import { type EmbedResponse, nearestVectors, OllamaError, usageOf } from '@ollama-toolbelt/core/neutral';

/** A text to rank, and its source. */
export interface Candidate {
  /** Position in a list. */
  index?: number;
  file?: string;
  line?: number;
  text: string;
}

export type Ranked = Candidate & { score: number };

/** Throws an error about one of several texts again, with the name that the caller knows. */
export const named =
  (nameOf: (index: number) => string) =>
  (error: unknown): never => {
    if (!(error instanceof OllamaError) || error.inputIndex === undefined) throw error;
    const { inputIndex, cause } = error;
    const { message } = cause instanceof OllamaError ? cause : error;
    throw new OllamaError(`${nameOf(inputIndex)}: ${message}`, { ...error, cause: error });
  };

/** The texts closest to a query so far. Keeps only the best ones. */
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

  /** Number of compared texts. */
  get count(): number {
    return this.#count;
  }

  /** Takes the vectors of the query, followed by those of some candidates. */
  begin(
    candidates: readonly Candidate[],
    { embeddings: [wanted = [], ...embeddings], ...answer }: EmbedResponse,
  ): void {
    this.#wanted = wanted;
    this.add(candidates, { ...answer, embeddings });
  }

  /** Takes the vectors of some candidates, in their order. */
  add(candidates: readonly Candidate[], answer: EmbedResponse): void {
    const near = nearestVectors(this.#wanted, answer.embeddings, { most: this.#k });
    const scored = near.map(({ index, score }) => ({ score, ...(candidates[index] as Candidate) }));
    this.#best = [...this.#best, ...scored].sort((a, b) => b.score - a.score).slice(0, this.#k);
    this.#count += candidates.length;
    this.#model = answer.model;
    // Each request reports its own usage. Cached texts cost nothing.
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
