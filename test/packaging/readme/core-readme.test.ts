import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type LlamaServer, NoEngineError } from '@ollama-toolbelt/ollama-server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CodeBlock, codeBlocks, inRepository } from './code-blocks.ts';
import { publicCalls } from './docstring-examples.ts';
import { expectedOutput, programOf, tsc } from './example.ts';
import { scriptFor, startReadmeModels } from './stand-ins.ts';

const run = promisify(execFile);

/** Examples that are compiled but not run, by location, with the reason. Currently there are none. */
const notRun: Readonly<Record<string, string>> = {};

const calls = publicCalls();
const blocks = [
  ...(await codeBlocks('packages/core/README.md')),
  ...(await codeBlocks('README.md')),
  ...(await codeBlocks('docs/guides/recipes.md')),
  ...calls.flatMap(({ examples }) => examples),
];
const placeOf = ({ readme, heading, line }: CodeBlock) => `${readme}, ${heading}, line ${line}`;
const fileOf = (block: CodeBlock) => `example-${blocks.indexOf(block)}.ts`;

/** Inside `test`, so the packages can be imported. */
let programs = '';
/** The working directory of the examples, with the files that they read. */
let workFolder = '';

beforeAll(async () => {
  programs = await mkdtemp(inRepository('test/packaging/readme/extracted-'));
  workFolder = await mkdtemp(join(tmpdir(), 'ollama-toolbelt-readme-'));
  await writeFile(
    join(programs, 'tsconfig.json'),
    JSON.stringify({ extends: '../../../../tsconfig.json', include: ['*.ts'] }),
  );
  for (const block of blocks) await writeFile(join(programs, fileOf(block)), programOf(block));
  await writeFile(join(workFolder, 'photo.jpg'), 'looks like a photo if you do not look');
  await writeFile(join(workFolder, 'company-ca.pem'), '');
  await writeFile(
    join(workFolder, 'notes.txt'),
    'The sky is blue.\n\nCats eat meat and fish.\n\nParis is in France.\n',
  );
  await copyFile(inRepository('test/ollama-server/models/pocket.gguf'), join(workFolder, 'model.gguf'));
});

afterAll(async () => {
  await rm(programs, { recursive: true, force: true });
  await rm(workFolder, { recursive: true, force: true });
});

test('the READMEs have examples, and all those marked as not run exist', () => {
  expect(blocks.length).toBeGreaterThan(30);
  expect(blocks.map(placeOf)).toEqual(expect.arrayContaining(Object.keys(notRun)));
});

test('every public function and method has an example in its docstring', () => {
  expect(calls.length).toBeGreaterThan(50);
  expect(calls.filter(({ examples }) => examples.length === 0).map(({ name }) => name)).toEqual([]);
  expect(calls.flatMap(({ examples }) => examples).filter(({ code }) => code.trim() === '')).toEqual([]);
});

test('every example in the README is a complete program, and its table of contents is complete', async () => {
  const readme = await readFile(inRepository('packages/core/README.md'), 'utf8');
  const [start = '', ...sections] = readme.replaceAll(/```[\s\S]*?```/g, '').split(/^## /m);
  const listed = [...start.matchAll(/^\[(.+)\]\(#/gm)].map(([, title]) => title);
  expect(listed).toEqual(sections.map((section) => section.split('\n', 1)[0]));
  const incomplete = blocks.filter(({ readme, code }) => readme.endsWith('.md') && !/^import /m.test(code));
  expect(incomplete.map(placeOf)).toEqual([]);
});

test('all examples compile with the settings of the repository', async () => {
  const compiled = run(process.execPath, [tsc, '-p', programs, '--pretty', 'false']);
  const { stdout, stderr } = await compiled.catch((error: { stdout: string; stderr: string }) => error);
  expect(inReadmes(stdout) + stderr).toBe('');
  await expect(compiled).resolves.toBeDefined();
});

describe('every example runs and prints what it says', () => {
  let llama: LlamaServer | undefined;

  beforeAll(async () => {
    llama = await startReadmeModels().catch((error) => {
      if (error instanceof NoEngineError) return undefined;
      throw error;
    });
  });
  afterAll(() => llama?.close());

  test.for(blocks.map((block) => ({ name: placeOf(block), block })))('$name', async ({ name, block }, { skip }) => {
    skip(name in notRun, notRun[name]);
    const script = scriptFor(block.code);
    skip(script === undefined && llama === undefined, 'llama.cpp has no build for this machine');
    await using scripted = await script?.();
    const stdout = await printedBy(block, scripted?.host ?? llama?.host ?? '');
    const expected = expectedOutput(block);
    if (expected) expect(stdout).toMatch(expected);
  });
});

/** Runs an example as a separate process. A failure includes its stderr. */
async function printedBy(block: CodeBlock, host: string): Promise<string> {
  // With the cache, the sources of the core are only compiled for the first example.
  const env = { PATH: process.env['PATH'], OLLAMA_HOST: host, NODE_COMPILE_CACHE: join(workFolder, 'compiled') };
  const args = ['--conditions=source', join(programs, fileOf(block))];
  const { stdout } = await run(process.execPath, args, { cwd: workFolder, env, timeout: 120_000 });
  return stdout;
}

/** The compiler's errors, with the location of the example instead of its file name. */
const inReadmes = (output: string) =>
  output.replace(/^.*?example-(\d+)\.ts/gm, (file, index) => {
    const block = blocks[Number(index)];
    return block ? placeOf(block) : file;
  });
