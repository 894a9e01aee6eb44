import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { importGraph, importsOf } from './import-graph.ts';
import { withLayerTables } from './layer-tables.ts';
import { parts } from './layers.ts';
import { unusedArrows, upwardArrows, violations } from './violations.ts';

const arrows = importGraph();

test('every import is in the table', () => {
  expect(violations(arrows, parts), 'import from a layer below, or say in test/house/layers.ts why not').toEqual([]);
});

test('every arrow in the table is used', () => {
  expect(unusedArrows(arrows, parts), 'take these out of test/house/layers.ts').toEqual([]);
});

test('parts and layers only import those above them in the table, so there are no cycles', () => {
  expect(upwardArrows(parts)).toEqual([]);
  const [core] = parts;
  const { schemas, http } = core!.layers!;
  const circle = { ...core!, layers: { schemas: { ...schemas!, imports: ['http'] }, http: { ...http!, imports: [] } } };
  expect(upwardArrows([circle])).toEqual(['packages/core/src: schemas -> http']);
  const [one, other] = ['one', 'other'].map((root) => ({
    root,
    uses: ['one', 'other'].filter((name) => name !== root),
  }));
  expect(upwardArrows([one!, other!])).toEqual(['one -> other']);
});

test('packages import a specific entry of the core, because its root differs by platform', () => {
  const fromRoot = importGraph().filter(({ specifier }) => specifier === '@ollama-toolbelt/core');
  expect(fromRoot.filter(({ from }) => from.startsWith('packages/')).map(({ from }) => from)).toEqual([]);
});

test('CONTRIBUTING shows the table', async () => {
  const text = await readFile(new URL('../../CONTRIBUTING.md', import.meta.url), 'utf8');
  expect(withLayerTables(text), 'run "pnpm run docs"').toBe(text);
});

test.each([
  ['a type import', `import type { Host } from '../http/host.ts';`],
  ['an import of a name', `import { parseHost } from '../http/host.ts';`],
  ['a side-effect import', `import '../http/host.ts';`],
  ['an export', `export { parseHost } from '../http/host.ts';`],
  ['an export of types', `export type * from '../http/host.ts';`],
  ['a dynamic import', `export const load = () => import('../http/host.ts');`],
  ['an import() type', `export type Host = import('../http/host.ts').Host;`],
])('an import that is not in the table is reported: %s', (_, text) => {
  expect(violations(importsOf('packages/core/src/schemas/chat.ts', text), parts)).toEqual([
    'packages/core/src/schemas/chat.ts imports packages/core/src/http/host.ts: the row "schemas" does not name "http"',
  ]);
});

test.each([
  ['test/core/a.test.ts', '../guide/bodies.ts', 'the row "*" does not name "*"'],
  ['test/mcp/http/a.test.ts', '../stdio/b.ts', 'the row "mcp/*" does not name "mcp/*"'],
  ['test/fixtures/a.ts', '../core/b.ts', 'the row "fixtures" does not name "*"'],
  [
    'test/ollama-server/src/a.ts',
    '@ollama-toolbelt/core/neutral',
    '"test/ollama-server" does not use "packages/core/src"',
  ],
  ['packages/core/src/a.ts', './schemas/chat.ts', 'layers.ts has no row for packages/core/src/a.ts'],
  [
    'packages/core/src/neutral.ts',
    '../../mcp-server/src/handler.ts',
    '"packages/core/src" does not use "packages/mcp-server/src"',
  ],
  ['packages/mcp-server/src/tools/a.ts', '../../../core/src/neutral.ts', 'packages import each other by name'],
  [
    'packages/n8n-nodes/nodes/OllamaBelt/resources/chat/a.ts',
    '../model/b.ts',
    'the row "nodes/OllamaBelt/resources/*" does not name "nodes/OllamaBelt/resources/*"',
  ],
  ['stray/a.ts', './b.ts', 'stray/a.ts is in no part of layers.ts'],
])('%s may not import %s', (from, specifier, problem) => {
  const [found, ...more] = violations(importsOf(from, `import '${specifier}';`), parts);
  expect(found).toMatch(/^(\S+) imports \S+: /);
  expect(found).toContain(`: ${problem}`);
  expect(more).toEqual([]);
});
