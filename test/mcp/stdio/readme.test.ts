import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { withTables } from '../../../packages/mcp-server/scripts/readme-tables.ts';
import { DEFAULT_BUDGET_MS } from '../../../packages/mcp-server/src/calls/time-budget.ts';
import { tools } from '../../../packages/mcp-server/src/tools/catalog/index.ts';

test('the README matches the code', () => {
  const readme = readFileSync(new URL('../../../packages/mcp-server/README.md', import.meta.url), 'utf8');
  expect(withTables(readme, tools), 'run "pnpm run docs"').toBe(readme);
});

test.each(['handler.ts', 'server/mcp-server.ts'])('%s says what the default time budget is', (file) => {
  const source = readFileSync(new URL(`../../../packages/mcp-server/src/${file}`, import.meta.url), 'utf8');
  expect(source).toMatch(new RegExp(`@default ${DEFAULT_BUDGET_MS} \\*/\\s+budgetMs\\?`));
});
