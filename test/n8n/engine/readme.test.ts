import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { INode } from 'n8n-workflow';
import { describe, expect, test } from 'vitest';
import { withOperationsTable } from '../../fixtures/operations-table.ts';
import type { NodeName } from './engine.ts';
import { sourceDirectory } from './packed-nodes.ts';
import { useEngine } from './use-engine.ts';

const { engine } = await useEngine();

const read = (file: string) => readFile(path.join(sourceDirectory, file), 'utf8');
const examples = await readdir(path.join(sourceDirectory, 'examples'));

test('the README’s table of operations matches the node', async () => {
  const readme = await read('README.md');
  expect(withOperationsTable(readme, engine.node.description.properties), 'run "pnpm run docs"').toBe(readme);
});

test('the README names every example, and every example is linked', async () => {
  const readme = await read('README.md');
  expect(examples).toHaveLength(6);
  for (const example of examples) expect(readme).toContain(`examples/${example}`);
});

describe.each(examples)('the example %s', (file) => {
  const PACKAGE = 'n8n-nodes-ollama-belt.';

  test('can be imported: its nodes exist, and have only known parameters', async () => {
    const { nodes, connections, name } = JSON.parse(await read(`examples/${file}`));
    expect(name).toMatch(/\w/);
    const names = nodes.map((node: INode) => node.name);
    for (const [from, outputs] of Object.entries(connections)) {
      expect(names).toContain(from);
      for (const { node } of Object.values(outputs as Record<string, { node: string }[][]>).flat(2)) {
        expect(names).toContain(node);
      }
    }
    const ours = nodes.filter(({ type }: INode) => type.startsWith(PACKAGE)) as INode[];
    expect(ours.length).toBeGreaterThan(0);
    for (const { type, parameters, credentials } of ours) {
      expect(credentials).toHaveProperty('ollamaBeltApi');
      const isTool = type.endsWith('Tool');
      const { properties } = engine.nodeType(type.slice(PACKAGE.length).replace(/Tool$/, '') as NodeName).description;
      const known = properties.map((property) => property.name);
      if (isTool) known.push('toolDescription', 'descriptionType');
      expect(Object.keys(parameters).filter((parameter) => !known.includes(parameter))).toEqual([]);
      const offered = properties
        .filter(({ name: property }) => property === 'options')
        .flatMap(({ options }) => options!.map((option) => option.name));
      expect(Object.keys(parameters['options'] ?? {}).filter((option) => !offered.includes(option))).toEqual([]);
    }
  });
});

test('the page of workflows beside those of the built-in nodes has at least thirty, and ours are right on all', async () => {
  const page = await readFile(path.join(sourceDirectory, '../../docs/n8n-beside-built-in.md'), 'utf8');
  const rows = page.split('\n').filter((line) => /^\| \[\d+\]/.test(line));
  expect(rows.length).toBeGreaterThanOrEqual(30);
  for (const row of rows) expect(row).toMatch(/\| yes \|$/);
  expect(page).toContain(`# ${rows.length} workflows`);
  expect(page).toContain(`these in ${rows.length}.`);
});
