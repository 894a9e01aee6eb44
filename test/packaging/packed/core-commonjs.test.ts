/** Checks the statements in docs/guides/commonjs.md with the package as published to npm. */
import { execFile } from 'node:child_process';
import { mkdir, readFile, realpath, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type PackedPackage, packedPackage } from '../../fixtures/packed-package.ts';
import { runtimes } from '../../fixtures/runtimes.ts';

const run = promisify(execFile);
const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
const nodes = runtimes.filter(({ name, program }) => name.startsWith('Node') && program !== undefined);

let packed: PackedPackage;
/** A user's project with CommonJS. */
let project = '';

beforeAll(async () => {
  packed = await packedPackage('core');
  project = packed.root;
  const modules = join(project, 'node_modules');
  await mkdir(join(modules, '@ollama-toolbelt'), { recursive: true });
  await mkdir(join(modules, '@types'));
  await rename(packed.directory, join(modules, '@ollama-toolbelt/core'));
  const links: readonly (readonly [name: string, target: string])[] = [
    ...['undici', 'zod', 'socks'].map((name) => [name, `../../../packages/core/node_modules/${name}`] as const),
    ['typescript', '../../node_modules/typescript-5.9'],
    ['@types/node', '../../../node_modules/@types/node'],
    ['ts-jest', '../../node_modules/ts-jest'],
  ];
  for (const [name, target] of links) await symlink(await realpath(path(target)), join(modules, name));
  await writeFile(join(project, 'package.json'), '{}');
});
afterAll(() => packed[Symbol.asyncDispose]());

const inNode = (node: string, ...args: string[]) => run(node, args, { cwd: project, timeout: 120_000 });

test.each(nodes)('$name requires it', async ({ program = '' }) => {
  const source = `
    const { createOllama, OllamaError } = require('@ollama-toolbelt/core/node');
    const { ChatRequest } = require('@ollama-toolbelt/core/schemas');
    createOllama({ host: '127.0.0.1:9', retry: false }).version().catch((error) =>
      console.log(error instanceof OllamaError, error.code, typeof ChatRequest.parse, typeof require('@ollama-toolbelt/core').parseHost));`;
  expect((await inNode(program, '-e', source)).stdout).toBe('true refused function function\n');
});

test('a Node that cannot require ES modules imports it', async () => {
  // Behaves like Node 20.18, which is not available from npm here.
  const [node] = nodes;
  const flag = '--no-experimental-require-module';
  const load = (how: string) =>
    inNode(node?.program ?? '', flag, '-e', `(async () => console.log(typeof (${how}).createOllama))()`);
  await expect(load("require('@ollama-toolbelt/core/node')")).rejects.toThrow('ERR_REQUIRE_ESM');
  expect((await load("await import('@ollama-toolbelt/core/node')")).stdout).toBe('function\n');
});

test('moduleResolution node10 finds the types, and the output of tsc runs', async () => {
  await writeFile(
    join(project, 'program.ts'),
    `import { parseHost, type Host } from '@ollama-toolbelt/core';
     import { createOllama } from '@ollama-toolbelt/core/node';
     import { createOllama as onFetch } from '@ollama-toolbelt/core/fetch';
     import { ChatRequest } from '@ollama-toolbelt/core/schemas';
     const host: Host = parseHost('example.com');
     console.log(host.url, createOllama({ host: 'a' }).url, onFetch({ host: 'b' }).url, ChatRequest.safeParse({}).success);`,
  );
  const options = [
    '--module',
    'commonjs',
    '--moduleResolution',
    'node10',
    '--target',
    'es2022',
    '--strict',
    '--skipLibCheck',
    '--lib',
    'es2023,dom,esnext.disposable',
  ];
  await inNode(process.execPath, 'node_modules/typescript/bin/tsc', ...options, 'program.ts');
  expect((await inNode(process.execPath, 'program.js')).stdout).toBe(
    'http://example.com:11434 http://a:11434 http://b:11434 false\n',
  );
});

describe('jest', () => {
  /** The code block in the guide. */
  const config = async () => {
    const guide = await readFile(path('../../../docs/guides/commonjs.md'), 'utf8');
    return /```js\n\/\/ jest\.config\.js\n([\s\S]*?)```/.exec(guide)?.[1] ?? '';
  };
  const jest = (...args: string[]) =>
    inNode(
      process.execPath,
      path('../../node_modules/jest/bin/jest.js'),
      '--rootDir',
      project,
      '--colors=false',
      ...args,
    );
  const body = `
    test('a client', async () => {
      const error = await createOllama({ host: '127.0.0.1:9', retry: false }).version().catch((reason) => reason);
      expect(error).toBeInstanceOf(OllamaError);
      expect(error.code).toBe('refused');
    });`;

  test.each([
    ['a.test.js', `const { createOllama, OllamaError } = require('@ollama-toolbelt/core/node');${body}`],
    [
      'b.test.ts',
      `import { createOllama, OllamaError } from '@ollama-toolbelt/core/node';
       declare const test: (name: string, run: () => Promise<void>) => void;
       declare const expect: (value: unknown) => any;${body}`,
    ],
  ])('%s', async (name, source) => {
    await writeFile(join(project, name), source);
    await writeFile(join(project, 'jest.config.js'), await config());
    const { stderr } = await jest(name);
    expect(stderr).toContain('1 passed');
  });
});
