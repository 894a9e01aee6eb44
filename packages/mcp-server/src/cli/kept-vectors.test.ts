import { expect, test } from 'vitest';
import { KeptVectors } from './kept-vectors.ts';

test('without a cache folder, no vectors are found or kept, and the reason is given', async () => {
  const vectors = new KeptVectors(undefined, 1000);
  expect(await vectors.get(['a'])).toEqual([]);
  await vectors.set([['a', [1]]]);
  expect(await vectors.check()).toBe(false);
  expect(vectors.problem).toBe('the system has no cache folder');
});
