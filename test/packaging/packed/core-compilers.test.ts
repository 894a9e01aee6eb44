import { execFile } from 'node:child_process';
import { copyFile, mkdir, realpath, rename, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type PackedPackage, packedPackage } from '../../fixtures/packed-package.ts';

const run = promisify(execFile);
const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

const newest = { name: 'TypeScript 7', folder: path('../../../node_modules/typescript') };
const older = ['5.5', '5.9', '6.0'].map((version) => ({
  name: `TypeScript ${version}`,
  folder: path(`../../node_modules/typescript-${version}`),
}));

const strictest = { target: 'es2022', strict: true, skipLibCheck: false, noEmit: true, verbatimModuleSyntax: true };
const nodenext = { module: 'nodenext', moduleResolution: 'nodenext' };
const bundler = { module: 'esnext', moduleResolution: 'bundler' };
const onNode = { lib: ['es2022'], types: ['node'] };
const inABrowser = { lib: ['es2022', 'dom'], types: [] };
const exact = { exactOptionalPropertyTypes: true };

interface Project {
  name: string;
  program: 'on-node.ts' | 'in-a-browser.ts';
  options: object;
}
/** Covers both values of each setting. */
const projects: readonly Project[] = [
  { name: 'Node, nodenext, exact', program: 'on-node.ts', options: { ...onNode, ...nodenext, ...exact } },
  { name: 'browser, bundler', program: 'in-a-browser.ts', options: { ...inABrowser, ...bundler } },
];
/** The other combinations, with the only compiler that is fast enough. */
const further: readonly Project[] = [
  { name: 'Node, nodenext', program: 'on-node.ts', options: { ...onNode, ...nodenext } },
  { name: 'Node, bundler', program: 'on-node.ts', options: { ...onNode, ...bundler } },
  { name: 'Node, bundler, exact', program: 'on-node.ts', options: { ...onNode, ...bundler, ...exact } },
  { name: 'browser, bundler, exact', program: 'in-a-browser.ts', options: { ...inABrowser, ...bundler, ...exact } },
];

const compilations = [
  ...[newest, ...older].flatMap((compiler) => projects.map((project) => ({ compiler, project }))),
  ...further.map((project) => ({ compiler: newest, project })),
].map(({ compiler, project }) => ({ title: `${compiler.name}, ${project.name}`, compiler, project }));

let packed: PackedPackage;

beforeAll(async () => {
  packed = await packedPackage('core');
  const { root, directory } = packed;
  const modules = join(root, 'node_modules');
  await mkdir(join(modules, '@ollama-toolbelt'), { recursive: true });
  await mkdir(join(modules, '@types'));
  await rename(directory, join(modules, '@ollama-toolbelt/core'));
  for (const name of ['undici', 'zod']) {
    await symlink(await realpath(path(`../../../packages/core/node_modules/${name}`)), join(modules, name));
  }
  await symlink(await realpath(path('../../../node_modules/@types/node')), join(modules, '@types/node'));
  await writeFile(join(root, 'package.json'), '{ "type": "module" }');
  for (const program of ['on-node.ts', 'in-a-browser.ts']) {
    await copyFile(path(`programs/${program}`), join(root, program));
  }
});
afterAll(() => packed[Symbol.asyncDispose]());

describe('a program that uses it compiles, including the declarations', () => {
  test.concurrent.for(compilations)('$title', async ({ title, compiler, project }, { expect }) => {
    const config = join(packed.root, `${title.replace(/\W+/g, '-')}.json`);
    const compilerOptions = { ...strictest, ...project.options };
    await writeFile(config, JSON.stringify({ compilerOptions, files: [project.program] }));
    expect(await complaints(compiler.folder, config)).toBe('');
  });
});

test('a mistake in a program gives an error', async () => {
  await writeFile(
    join(packed.root, 'mistaken.ts'),
    "import { createOllama } from '@ollama-toolbelt/core/node';\nvoid createOllama({ hots: 'a' }).list();\n",
  );
  const config = join(packed.root, 'mistaken.json');
  const compilerOptions = { ...strictest, ...onNode, ...nodenext };
  await writeFile(config, JSON.stringify({ compilerOptions, files: ['mistaken.ts'] }));
  expect(await complaints(newest.folder, config)).toContain("'hots' does not exist in type 'NodeOptions'");
});

/** The output of a compiler, without colors. */
async function complaints(compiler: string, config: string): Promise<string> {
  const args = [join(compiler, 'bin/tsc'), '-p', config, '--pretty', 'false'];
  const compiled = run(process.execPath, args, { cwd: dirname(config) });
  const { stdout, stderr } = await compiled.catch((error: { stdout: string; stderr: string }) => error);
  return stdout + stderr;
}
