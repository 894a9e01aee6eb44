/** Updates the generated parts of the documents: `pnpm run docs`, which builds first. */
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { withErrorTables } from '../fixtures/faults/error-tables.ts';
import { withOperationsTable } from '../fixtures/operations-table.ts';
import { writtenInterfaces } from '../fixtures/schema-interfaces.ts';
import { withLayerTables } from './layer-tables.ts';

await update('packages/core/src/schemas/interfaces.ts', writtenInterfaces);
await update('docs/errors.md', withErrorTables);
await update('CONTRIBUTING.md', withLayerTables);
await update('packages/n8n-nodes/README.md', (text) => withOperationsTable(text, nodeProperties()));
await import('../../packages/mcp-server/scripts/update-readme.ts');

async function update(path: string, print: (text: string) => string | Promise<string>): Promise<void> {
  const file = new URL(`../../${path}`, import.meta.url);
  await writeFile(file, await print(await readFile(file, 'utf8')));
}

/** Loads the nodes like n8n. */
function nodeProperties(): Parameters<typeof withOperationsTable>[1] {
  const load = createRequire(import.meta.url);
  const { OllamaBelt } = load('../../packages/n8n-nodes/dist/nodes/OllamaBelt/OllamaBelt.node.js');
  return new OllamaBelt().description.properties;
}
