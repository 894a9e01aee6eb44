import { expect, test } from 'vitest';
import { cosineSimilarity } from './cosine-similarity.ts';

test.each([
  [[1, 2], [2, 4], 1],
  [[1, 0], [0, 3], 0],
  [[1, 1], [-2, -2], -1],
  [[0, 0], [1, 2], 0],
  [[], [], 0],
  [[1, 2], [Number.NaN, 1], 0],
])('%j and %j', (a, b, score) => {
  expect(cosineSimilarity(a, b)).toBeCloseTo(score, 12);
});

test.each([
  [[1, 2], [1]],
  [[1], [1, 2]],
])('%j and %j cannot be compared', (a, b) => {
  const lengths = `Vectors with ${a.length} and ${b.length} numbers cannot be compared.`;
  expect(() => cosineSimilarity(a, b)).toThrow(expect.objectContaining({ code: 'bad_request', message: lengths }));
});
