import { OllamaError } from '../errors/errors.ts';

/**
 * How similar the directions of two vectors are: 1 is the same direction, 0 is unrelated or a vector without a
 * direction (of zeros, or with NaN), -1 the opposite.
 *
 * @throws OllamaError `bad_request` for vectors of different lengths, such as those of two models.
 *
 * @example
 * ```ts
 * import { cosineSimilarity } from '@ollama-toolbelt/core/node';
 *
 * console.log(cosineSimilarity([1, 0], [1, 1]).toFixed(3)); // 0.707
 * ```
 */
export function cosineSimilarity(a: readonly number[], b: readonly number[]): number {
  checkLengths(a, b);
  let [dot, squareA, squareB] = [0, 0, 0];
  for (let index = 0; index < a.length; index++) {
    const [x, y] = [a[index] as number, b[index] as number];
    dot += x * y;
    squareA += x * x;
    squareB += y * y;
  }
  return dot === 0 ? 0 : dot / Math.sqrt(squareA * squareB) || 0;
}

/** A comparison of vectors of different lengths would give a number that means nothing. */
export function checkLengths(a: { length: number }, b: { length: number }): void {
  if (a.length === b.length) return;
  throw new OllamaError(`Vectors with ${a.length} and ${b.length} numbers cannot be compared.`, {
    code: 'bad_request',
    hint: 'Embed all texts with the same model and dimensions.',
  });
}
