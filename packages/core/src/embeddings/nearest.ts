import type { Vector } from '../options.ts';
import { checkLengths } from './cosine-similarity.ts';

/** A vector from a list, and how near it is. */
export interface NearestVector {
  /** Its index in the list of vectors. */
  index: number;
  /** Cosine: 1 is the same direction, 0 is unrelated, -1 the opposite. */
  score: number;
}

/** Which vectors `nearestVectors` gives. */
export interface NearestOptions {
  /** Maximum number of results. @default all of them */
  most?: number | undefined;
  /** Results with a lower score are left out. @default none */
  least?: number | undefined;
}

/**
 * The vectors whose direction is nearest to that of `query`, nearest first; equally near ones in their order. It takes
 * one pass over the vectors, and is fastest with those of `embedFloat32`.
 *
 * @throws OllamaError `bad_request` for vectors of different lengths, such as those of two models.
 *
 * @example
 * ```ts
 * import { nearestVectors } from '@ollama-toolbelt/core/node';
 *
 * const [nearest] = nearestVectors([1, 0], [[0, 1], [2, 1], [-1, 0]], { most: 1 });
 * console.log(nearest?.index); // 1
 * ```
 */
export function nearestVectors(
  query: Vector,
  vectors: readonly Vector[],
  { most = vectors.length, least = Number.NEGATIVE_INFINITY }: NearestOptions = {},
): NearestVector[] {
  // Divided by its length only once, so each vector only needs its own length.
  const wanted = Float64Array.from(query);
  const length = Math.sqrt(wanted.reduce((sum, x) => sum + x * x, 0));
  if (length > 0)
    for (let index = 0; index < wanted.length; index++) wanted[index] = (wanted[index] as number) / length;
  const found: NearestVector[] = [];
  for (let index = 0; index < vectors.length; index++) {
    const score = scoreOf(wanted, vectors[index] as Vector);
    if (score < least || (found.length >= most && !(score > (found.at(-1)?.score ?? score)))) continue;
    found.splice(placeOf(score, found), 0, { index, score });
    if (found.length > most) found.pop();
  }
  return found;
}

function scoreOf(wanted: Float64Array, vector: Vector): number {
  checkLengths(wanted, vector);
  let dot = 0;
  let square = 0;
  for (let index = 0; index < wanted.length; index++) {
    const y = vector[index] as number;
    dot += (wanted[index] as number) * y;
    square += y * y;
  }
  // A vector with NaN has no direction either.
  return dot === 0 ? 0 : dot / Math.sqrt(square) || 0;
}

/** After all that are equally near. */
function placeOf(score: number, found: readonly NearestVector[]): number {
  let [low, high] = [0, found.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((found[middle] as NearestVector).score >= score) low = middle + 1;
    else high = middle;
  }
  return low;
}
