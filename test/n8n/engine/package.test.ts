import { access, cp, glob, readFile, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { INodeType } from 'n8n-workflow';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PackedPackage } from '../../fixtures/packed-package.ts';
import { packedNodes, sourceDirectory } from './packed-nodes.ts';
import { scan, scanPatterns } from './scan.ts';

let packed: PackedPackage;

beforeAll(async () => {
  packed = await packedNodes();
});
afterAll(() => packed[Symbol.asyncDispose]());

async function filesOf(pattern: string): Promise<string[]> {
  const files: string[] = [];
  for await (const file of glob(pattern, { cwd: packed.directory })) files.push(file);
  return files.sort();
}
const read = (file: string) => readFile(path.join(packed.directory, file), 'utf8');

describe("n8n's scan finds nothing, not even a warning", () => {
  test('in the sources', async () => {
    const { findings, files } = await scan(sourceDirectory, scanPatterns.source);
    expect(findings).toEqual([]);
    expect(files).toBeGreaterThan(20);
  });

  test('in the packed files', async () => {
    const { findings, files } = await scan(packed.directory, scanPatterns.packed);
    expect(findings).toEqual([]);
    expect(files).toBe((await filesOf('dist/**/*.js')).length + 1);
  });

  test('and would find a timer', async () => {
    const planted = path.join(packed.root, 'planted');
    await cp(packed.directory, planted, { recursive: true });
    await writeFile(path.join(planted, 'dist/planted.js'), 'setTimeout(() => {}, 1);\n');
    const { findings } = await scan(planted, scanPatterns.packed);
    expect(findings).toEqual([expect.stringMatching(/planted\.js:1 .*no-restricted-globals/)]);
  });
});

// n8n's editor treats a type with this word anywhere in it as a tool of an agent, and after each run tells people that
// AI fills no parameter.
test('no full type name has "tool" in it', async () => {
  const { name, n8n } = JSON.parse(await read('package.json'));
  const files: string[] = n8n.nodes;
  const types = files.map((file) => {
    const className = path.basename(file, '.node.js');
    const node: INodeType = new (createRequire(path.join(packed.directory, file))(`./${path.basename(file)}`)[
      className
    ])();
    return `${name}.${node.description.name}`;
  });
  expect(types).toEqual([
    'n8n-nodes-ollama-belt.ollamaBelt',
    'n8n-nodes-ollama-belt.ollamaBeltChatModel',
    'n8n-nodes-ollama-belt.ollamaBeltEmbeddings',
    'n8n-nodes-ollama-belt.ollamaBeltTrigger',
  ]);
  for (const type of types) expect(type).not.toMatch(/tool/i);
});

// Its parts, and the reason for each: docs/decisions/2026-11-26-size-of-the-nodes.md.
test('all JavaScript together is less than 212 kB', async () => {
  const sizes = await Promise.all(
    (await filesOf('dist/**/*.js')).map(async (file) => (await stat(path.join(packed.directory, file))).size),
  );
  const total = sizes.reduce((sum, size) => sum + size, 0);
  expect(total).toBeGreaterThan(10_000);
  expect(total).toBeLessThan(212_000);
});

test('it uses no name that n8n forbids, and requires only modules that n8n provides', async () => {
  for (const file of await filesOf('dist/**/*.js')) {
    const code = withoutTexts(await read(file));
    expect(code, file).not.toMatch(
      /(?<![.\w$])(setTimeout|clearTimeout|setInterval|clearInterval|setImmediate|clearImmediate|global|globalThis|process|__dirname|__filename|console|eval|Function)(?![\w$:])/,
    );
    const required = [...(await read(file)).matchAll(/\brequire\(['"]([^)]*)['"]\)/g)].map((match) => match[1]);
    const given = /^(n8n-workflow|@n8n\/ai-node-sdk|(\.\.\/)+bundle\.js)$/;
    expect(required.filter((name) => !given.test(name!))).toEqual([]);
  }
});

test('it contains what n8n needs, and nothing else', async () => {
  const files = await filesOf('**/*.*');
  const previews = files.filter((file) => file.startsWith('dist/nodes/OllamaBelt/__schema__/'));
  expect(files).toEqual(
    [
      ...previews,
      'CHANGELOG.md',
      'README.md',
      'dist/bundle.js',
      'dist/credentials/OllamaBeltApi.credentials.js',
      'dist/icons/toolbelt.dark.svg',
      'dist/icons/toolbelt.svg',
      ...['', 'ChatModel', 'Embeddings', 'Trigger'].flatMap((kind) => {
        const file = `dist/nodes/OllamaBelt${kind}/OllamaBelt${kind}.node.js`;
        return [file, `${file}on`];
      }),
      'package.json',
    ].sort(),
  );
  const manifest = JSON.parse(await read('package.json'));
  expect(manifest).not.toHaveProperty('dependencies');
  expect(manifest.peerDependencies).toEqual({ 'n8n-workflow': '*', '@n8n/ai-node-sdk': '*' });
  expect(manifest.n8n.aiNodeSdkVersion).toBe(1);
  for (const file of [...manifest.n8n.nodes, ...manifest.n8n.credentials])
    await access(path.join(packed.directory, file));
});

/** The code with comments, strings and regular expressions blanked, where such a name is only a word. */
function withoutTexts(code: string): string {
  return code
    .replace(/\/\*[\s\S]*?\*\/|(?<![:"'`\\])\/\/.*$/gm, '')
    .replace(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`/g, '""');
}
