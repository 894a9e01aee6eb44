import { expect, test } from 'vitest';
import { type FileAccess, silentProgress } from '../tool-context.ts';
import { rankFiles } from './rank-files.ts';
import { Ranking } from './ranking.ts';

const access = {
  readText: async (name: string) => ({ name, text: `text of ${name}`, release: () => {} }),
} as unknown as FileAccess;

const found = (count: number) => Array.from({ length: count }, (_, index) => ({ name: `${index}`, byPattern: true }));

const ways = (ranking: Ranking) => ({
  begin: async () => ranking.begin([], { model: 'm', embeddings: [[1, 0]] }),
  embed: async (texts: string[]) => ({ model: 'm', embeddings: texts.map(() => [1, 1]) }),
  ranking,
  progress: silentProgress,
  signal: new AbortController().signal,
});

test('files beyond the limit of parts are left out, with a notice', async () => {
  const ranking = new Ranking('m', 1);
  ranking.add(Array(99_999).fill({ text: '' }), { model: 'm', embeddings: [] });
  const left = await rankFiles(found(600), access, ways(ranking));
  expect(left.isPartial).toBe(true);
  // 512 parts are embedded together, and eight files are read at a time.
  expect(left.notices).toMatchObject([{ code: 'files_left', message: expect.stringContaining('The last 88 files') }]);
  expect(ranking.count).toBe(99_999 + 512);
});
