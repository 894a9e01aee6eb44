import { expect, test } from 'vitest';
import { cosineSimilarity } from './cosine-similarity.ts';
import { nearestVectors } from './nearest.ts';

/** Numbers between -1 and 1 that are the same in every run. */
function numbers(count: number, seed: number): number[] {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 1_073_741_824 - 1;
  });
}

const query = numbers(32, 1);
const vectors = Array.from({ length: 500 }, (_, index) => numbers(32, index + 2));

test.each([1, 5, 499, 500, 1000])('the %d nearest equal the start of a sort by cosine', (most) => {
  const sorted = vectors
    .map((vector, index) => ({ index, score: cosineSimilarity(query, vector) }))
    .toSorted((a, b) => b.score - a.score)
    .slice(0, most);
  const found = nearestVectors(query, vectors, { most });
  expect(found.map(({ index }) => index)).toEqual(sorted.map(({ index }) => index));
  for (const [place, { score }] of found.entries()) expect(score).toBeCloseTo(sorted[place]?.score ?? Number.NaN, 10);
});

test('typed arrays give the same', () => {
  const typed = nearestVectors(
    Float32Array.from(query),
    vectors.map((vector) => Float32Array.from(vector)),
    { most: 10 },
  );
  expect(typed.map(({ index }) => index)).toEqual(
    nearestVectors(query, vectors, { most: 10 }).map(({ index }) => index),
  );
});

test('of equally near vectors the first comes first', () => {
  expect(
    nearestVectors(
      [1, 0],
      [
        [0, 1],
        [2, 0],
        [0, 3],
        [1, 0],
      ],
      { most: 3 },
    ).map(({ index }) => index),
  ).toEqual([1, 3, 0]);
});

test('vectors below the minimum score are left out', () => {
  expect(
    nearestVectors(
      [1, 0],
      [
        [1, 0],
        [0, 1],
        [-1, 0],
      ],
      { least: 0 },
    ),
  ).toEqual([
    { index: 0, score: 1 },
    { index: 1, score: 0 },
  ]);
});

test('a vector of zeros is unrelated, and nothing is nearest to no vectors', () => {
  expect(nearestVectors([0, 0], [[1, 0]])).toEqual([{ index: 0, score: 0 }]);
  expect(nearestVectors([1, 0], [[0, 0]])).toEqual([{ index: 0, score: 0 }]);
  expect(nearestVectors([1, 0], [])).toEqual([]);
  expect(nearestVectors([1, 0], [[1, 0]], { most: 0 })).toEqual([]);
});

test('a vector with NaN is unrelated, not the nearest', () => {
  expect(
    nearestVectors(
      [1, 0],
      [
        [Number.NaN, 1],
        [1, 0],
      ],
    ),
  ).toEqual([
    { index: 1, score: 1 },
    { index: 0, score: 0 },
  ]);
  expect(nearestVectors([Number.NaN, 0], [[1, 0]])).toEqual([{ index: 0, score: 0 }]);
});

test('vectors of different lengths are refused, and not compared in part', () => {
  const refused = expect.objectContaining({ code: 'bad_request', message: expect.stringContaining('2 and 3 numbers') });
  expect(() =>
    nearestVectors(
      [1, 0],
      [
        [1, 0],
        [1, 0, 0],
      ],
    ),
  ).toThrow(refused);
});
