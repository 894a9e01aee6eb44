/** Prints what the documents show of the code: `pnpm run docs`. */
import { readFile, writeFile } from 'node:fs/promises';
import { withErrorTables } from '../fixtures/faults/error-tables.ts';
import { withLayerTables } from './layer-tables.ts';

await update('docs/errors.md', withErrorTables);
await update('CONTRIBUTING.md', withLayerTables);
await import('../../packages/mcp-server/scripts/update-readme.ts');

async function update(path: string, print: (text: string) => string | Promise<string>): Promise<void> {
  const file = new URL(`../../${path}`, import.meta.url);
  await writeFile(file, await print(await readFile(file, 'utf8')));
}
