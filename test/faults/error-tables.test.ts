import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { withErrorTables } from '../fixtures/faults/error-tables.ts';

test('docs/errors.md shows the current errors', async () => {
  const text = await readFile(new URL('../../docs/errors.md', import.meta.url), 'utf8');
  expect(await withErrorTables(text), 'run "pnpm run docs"').toBe(text);
});
