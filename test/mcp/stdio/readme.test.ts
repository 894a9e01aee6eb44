import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { withTables } from '../../../packages/mcp-server/scripts/readme-tables.ts';
import { tools } from '../../../packages/mcp-server/src/tools/catalog/index.ts';

test('the README says what the code says (its script `readme` prints it anew)', () => {
  const readme = readFileSync(new URL('../../../packages/mcp-server/README.md', import.meta.url), 'utf8');
  expect(readme).toBe(withTables(readme, tools));
});
