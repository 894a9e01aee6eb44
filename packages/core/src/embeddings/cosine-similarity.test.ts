import { expect, test } from 'vitest';
import { cosineSimilarity } from './cosine-similarity.ts';

test.each([
  [[1, 2], [2, 4], 1],
  [[1, 0], [0, 3], 0],
  [[1, 1], [-2, -2], -1],
  [[0, 0], [1, 2], 0],
  [[], [], 0],
])('%j and %j', (a, b, score) => {
  expect(cosineSimilarity(a, b)).toBeCloseTo(score, 12);
});
