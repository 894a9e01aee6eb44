/** Writes the reference pages that are generated from the code: `pnpm docs:build`, which builds the packages first. */
import { mkdir, writeFile } from 'node:fs/promises';
import { mcpSettingsPage, mcpToolsPage } from './mcp-pages.ts';
import { modelOptionsPage } from './model-options-page.ts';
import { n8nPage } from './n8n-page.ts';

const folder = new URL('../reference/', import.meta.url);

const pages = {
  'mcp-tools': mcpToolsPage,
  'mcp-settings': mcpSettingsPage,
  'n8n-operations': n8nPage,
  'model-options': modelOptionsPage,
};

await mkdir(folder, { recursive: true });
for (const [name, print] of Object.entries(pages)) await writeFile(new URL(`${name}.md`, folder), `${print()}\n`);
