import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { filesIn, type PackedPackage, packedPackage, runTool } from '../../fixtures/packed-package.ts';

let packed: PackedPackage;

beforeAll(async () => {
  packed = await packedPackage('core');
});
afterAll(() => packed[Symbol.asyncDispose]());

test('publint finds nothing', async () => {
  const { ok, text } = await runTool('publint', ['run', '--strict', packed.tarball]);
  expect(text).toContain('All good!');
  expect(ok).toBe(true);
});

test('its types resolve for an importer', async () => {
  // Its tables depend on the width of the terminal.
  const { ok, text } = await runTool('attw', [packed.tarball, '--profile', 'esm-only', '--format', 'ascii']);
  for (const entry of ['core', 'core/node', 'core/fetch', 'core/functions', 'core/neutral', 'core/schemas']) {
    expect(text).toMatch(
      new RegExp(`"@ollama-toolbelt/${entry}"\\s+node16 \\(from ESM\\): 🟢 \\(ESM\\)\\s+bundler: 🟢`),
    );
  }
  expect(ok).toBe(true);
});

test('it has the build and its documents, and nothing else', async () => {
  const files = await filesIn(packed.directory);
  const papers = ['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json'];
  expect(files.filter((file) => !file.startsWith('dist/'))).toEqual(papers);
  expect(files.filter((file) => !/\.(js|js\.map|d\.ts)$/.test(file))).toEqual(papers);
  expect(files.filter((file) => /\.test\.|test-d/.test(file))).toEqual([]);
  for (const entry of ['neutral', 'node/index', 'fetch/index', 'functions/index', 'schemas/index']) {
    expect(files).toEqual(expect.arrayContaining([`dist/${entry}.js`, `dist/${entry}.d.ts`]));
  }
});

test('its exports only name built files, and all of them exist', async () => {
  const manifest = JSON.parse(await readFile(join(packed.directory, 'package.json'), 'utf8'));
  expect(JSON.stringify(manifest.exports)).not.toMatch(/source|src/);
  expect(Object.keys(manifest.dependencies).sort()).toEqual(['socks', 'undici']);
  // Only `/schemas` imports it: programs that use zod already have it, and others save 8 MB.
  expect(manifest.peerDependencies).toEqual({ zod: '^4.2.0' });
  expect(manifest.peerDependenciesMeta).toEqual({ zod: { optional: true } });
  const targets = namedFiles(manifest.exports);
  expect(targets.length).toBeGreaterThan(10);
  const files = await filesIn(packed.directory);
  expect(files).toEqual(expect.arrayContaining(targets.map((target) => target.replace('./', ''))));
});

/** The files that the conditions lead to. */
const namedFiles = (exports: string | object): string[] =>
  typeof exports === 'string' ? [exports] : Object.values(exports).flatMap(namedFiles);

test('each built file has a map that contains the sources', async () => {
  const files = await filesIn(packed.directory);
  const programs = files.filter((file) => file.endsWith('.js'));
  expect(files.filter((file) => file.endsWith('.js.map'))).toEqual(programs.map((file) => `${file}.map`));
  const read = async (file: string) => JSON.parse(await readFile(join(packed.directory, `${file}.map`), 'utf8'));
  const maps: { sources: string[]; sourcesContent: string[] }[] = await Promise.all(programs.map(read));
  const texts = new Map(
    maps.flatMap(({ sources, sourcesContent }) => sources.map((name, i) => [name, sourcesContent[i]])),
  );
  const source = [...texts].find(([name]) => name?.endsWith('/src/client.ts'));
  expect(source?.[1]).toContain('export class Ollama {');
});
