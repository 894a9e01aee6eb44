/**
 * How similar the directions of two vectors are: 1 is the same direction, 0 is unrelated or a vector of zeros, -1 the
 * opposite.
 *
 * @example
 * ```ts
 * import { cosineSimilarity } from '@ollama-toolbelt/core/node';
 *
 * console.log(cosineSimilarity([1, 0], [1, 1]).toFixed(3)); // 0.707
 * ```
 */
export function cosineSimilarity(a: readonly number[], b: readonly number[]): number {
  let [dot, squareA, squareB] = [0, 0, 0];
  for (let index = 0; index < a.length; index++) {
    const [x, y] = [a[index] as number, b[index] ?? 0];
    dot += x * y;
    squareA += x * x;
    squareB += y * y;
  }
  return dot === 0 ? 0 : dot / Math.sqrt(squareA * squareB);
}
