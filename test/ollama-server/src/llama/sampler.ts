import type { SamplingOptions } from './runner.ts';

/** A token with its probability; lists are sorted, the most likely first. */
export type Candidate = readonly [token: number, probability: number];

/** Ollama's defaults. */
export const DEFAULT_SAMPLING = {
  temperature: 0.8,
  top_k: 40,
  top_p: 0.9,
  min_p: 0,
  typical_p: 1,
  repeat_penalty: 1,
  repeat_last_n: 64,
  presence_penalty: 0,
  frequency_penalty: 0,
} as const satisfies SamplingOptions;

export type ResolvedSampling = SamplingOptions & Record<keyof typeof DEFAULT_SAMPLING, number>;

/**
 * Picks one of the candidates, narrowing them down in llama.cpp's order: top k, typical p, top p, min p, temperature.
 * llama.cpp does not do it because its binding has no typical p, and because the reported log probabilities are those
 * of all candidates.
 */
export function pick(candidates: readonly Candidate[], options: ResolvedSampling, random: () => number): number {
  const first = candidates[0];
  if (!first) throw new RangeError('there is no candidate to pick');
  if (options.temperature <= 0) return first[0];
  let left = options.top_k > 0 ? candidates.slice(0, options.top_k) : candidates;
  if (options.typical_p < 1) left = typical(left, options.typical_p);
  if (options.top_p < 1) left = untilSum(left, options.top_p);
  if (options.min_p > 0) {
    const floor = first[1] * options.min_p;
    const likely = left.filter(([, probability]) => probability >= floor);
    if (likely.length > 0) left = likely;
  }
  // Only the ratios count, and relative to the most likely one, none of them overflows.
  const top = left[0]?.[1] ?? 1;
  const weights = left.map(([, probability]) => (probability / top) ** (1 / options.temperature));
  let rest = random() * weights.reduce((sum, weight) => sum + weight, 0);
  for (const [i, [token]] of left.entries()) {
    rest -= weights[i] ?? 0;
    if (rest < 0) return token;
  }
  return left.at(-1)?.[0] ?? first[0];
}

/** The shortest head of the list whose share of the whole reaches `share`. */
function untilSum(candidates: readonly Candidate[], share: number): Candidate[] {
  const total = candidates.reduce((sum, [, probability]) => sum + probability, 0);
  let sum = 0;
  const end = candidates.findIndex(([, probability]) => {
    sum += probability / total;
    return sum >= share;
  });
  return candidates.slice(0, end === -1 ? candidates.length : end + 1);
}

/** Keeps the candidates whose surprise is closest to the expected one, up to the given share. */
function typical(candidates: readonly Candidate[], share: number): Candidate[] {
  const total = candidates.reduce((sum, [, probability]) => sum + probability, 0);
  const surprise = ([, probability]: Candidate) => -Math.log(probability / total);
  const possible = candidates.filter(([, probability]) => probability > 0);
  const entropy = possible.reduce((sum, one) => sum + (one[1] / total) * surprise(one), 0);
  const nearest = possible.toSorted((a, b) => Math.abs(surprise(a) - entropy) - Math.abs(surprise(b) - entropy));
  return untilSum(nearest, share).toSorted((a, b) => b[1] - a[1]);
}

/** Random numbers in [0, 1) that repeat for a seed (mulberry32), unless the seed is missing or negative. */
export function randomNumbers(seed: number | undefined): () => number {
  if (seed === undefined || seed < 0) return Math.random;
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
