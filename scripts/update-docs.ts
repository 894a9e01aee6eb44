/** Prints anew what the documents show of the code: `pnpm run docs`. */
import { readFile, writeFile } from 'node:fs/promises';
import { withErrorTables } from '../test/fixtures/faults/error-tables.ts';

const errors = new URL('../docs/errors.md', import.meta.url);
await writeFile(errors, await withErrorTables(await readFile(errors, 'utf8')));
await import('../packages/mcp-server/scripts/update-readme.ts');
