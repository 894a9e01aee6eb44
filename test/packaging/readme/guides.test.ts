import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { codeBlocks, inRepository } from './code-blocks.ts';
import { programOf, tsc } from './example.ts';
import { readTable } from './tables.ts';

const run = promisify(execFile);

const pages = (
  await Promise.all(
    ['docs', 'docs/guides', 'docs/scaling'].map(async (folder) =>
      (await readdir(inRepository(folder))).filter((name) => name.endsWith('.md')).map((name) => `${folder}/${name}`),
    ),
  )
).flat();
/** Also checks the links in these READMEs. */
const readmes = ['.', 'examples', 'packages/core', 'packages/mcp-server', 'packages/n8n-nodes'].map((folder) =>
  join(folder, 'README.md'),
);
const guides = pages.filter((page) => /^docs\/(guides|scaling)\//.test(page));
const blocks = (await Promise.all(guides.map(codeBlocks))).flat();

/** Declarations of the names in the tables of calls. */
const names = `
import { readFile } from 'node:fs/promises';
import * as z from 'zod';
declare const host: string, model: string, prompt: string, prompts: string[], input: string[], from: string, system: string;
declare const source: string, destination: string, query: string, url: string, signal: AbortSignal;
declare const controller: AbortController;
const messages = [{ role: 'user' as const, content: 'Hello!' }];
const Person = z.object({ name: z.string(), city: z.string() });
`;

const theirs = `${names}
import ollamaJs, { Ollama } from 'ollama';
const ollama = ollamaJs;
declare const answer: Awaited<ReturnType<typeof ask>>;
const ask = () => ollama.chat({ model, messages });
`;

const ours = `${names}
import { createOllama } from '@ollama-toolbelt/core/node';
const ollama = createOllama();
const formatted = await ollama.chat({ model, messages, format: Person });
`;

/** One column of a table as a program, with a line for each row, so a compiler error shows the row. */
function programOfColumn(preamble: string, rows: readonly string[][], column: number): string {
  const calls = rows.map((row) => /^`(.*)`$/.exec(row[column] ?? '')?.[1] ?? '');
  expect(calls).not.toContain('');
  return `${preamble}${calls.map((call) => `async () => { ${call}; };`).join('\n')}\n`;
}

describe('the guides', () => {
  let programs = '';
  beforeAll(async () => {
    programs = await mkdtemp(inRepository('test/packaging/readme/extracted-'));
    const config = { extends: '../../../../tsconfig.json', include: ['*.ts'] };
    await writeFile(join(programs, 'tsconfig.json'), JSON.stringify(config));
  });
  afterAll(() => rm(programs, { recursive: true, force: true }));

  /** The errors of the compiler. */
  async function complaints(files: Readonly<Record<string, string>>): Promise<string> {
    for (const [name, text] of Object.entries(files)) await writeFile(join(programs, name), text);
    const compiled = run(process.execPath, [tsc, '-p', programs, '--pretty', 'false']);
    const { stdout, stderr } = await compiled.catch((error: { stdout: string; stderr: string }) => error);
    return stdout + stderr;
  }

  test('every example and every call in a table compiles', async () => {
    const fromOllamaJs = await readTable('docs/guides/from-ollama-js.md', 'what', 'here');
    const fromLangChain = await readTable('docs/guides/from-langchain.md', 'what', 'here');
    expect([blocks.length > 8, fromOllamaJs.length > 20, fromLangChain.length > 8]).toEqual([true, true, true]);
    const files = Object.fromEntries(
      blocks.map((block) => [`${block.readme.replaceAll(/\W/g, '-')}-${block.line}.ts`, programOf(block)]),
    );
    expect(
      await complaints({
        ...files,
        'ollama-js.ts': programOfColumn(theirs, fromOllamaJs, 1),
        'instead-of-ollama-js.ts': programOfColumn(ours, fromOllamaJs, 2),
        'instead-of-langchain.ts': programOfColumn(ours, fromLangChain, 2),
      }),
    ).toBe('');
  });
});

test('the guide for ollama-mcp names every tool of both', async () => {
  const rows = await readTable('docs/guides/from-ollama-mcp.md', 'ollama-mcp 2.1', 'what changes');
  const tools = await readTable('packages/mcp-server/README.md', 'Tool', 'Toolset');
  const known = tools.map(([name = '']) => name);
  for (const [, name = ''] of rows) expect(known).toContain(name);
  // From the list of version 2.1.0.
  const theirTools = 'chat copy create delete embed generate list ps pull push show web_fetch web_search';
  expect(rows.map(([name]) => name).sort()).toEqual(theirTools.split(' ').map((name) => `\`ollama_${name}\``));
});

test('the codes and notices in the guides exist', async () => {
  const errors = await readTable('packages/core/README.md', '`code`', 'retryable');
  const notices = await readTable('packages/core/README.md', '`code`', 'properties');
  const known = [...errors, ...notices].map(([code = '']) => code.replaceAll('`', ''));
  const named = guides.map(async (guide) => {
    const text = await readFile(inRepository(guide), 'utf8');
    return [...text.matchAll(/(?:code|error|notice)(?: is| `done_reason`)? `([a-z]+_?[a-z_]*)`/g)].map(
      ([, code]) => code,
    );
  });
  const codes = (await Promise.all(named)).flat();
  expect(codes.length).toBeGreaterThan(15);
  for (const code of codes) expect(known).toContain(code);
});

const repository = 'https://github.com/ollama-toolbelt/ollama-toolbelt/';

test.each([...pages, ...readmes, 'CONTRIBUTING.md'])('%s: one title, and every link leads somewhere', async (page) => {
  const text = await readFile(inRepository(page), 'utf8');
  const prose = text.replaceAll(/```[\s\S]*?```/g, '');
  // The home page of the site has its title in the front matter.
  expect(prose.match(/^(# .+|hero:)$/gm)).toHaveLength(1);
  for (const [, link = ''] of prose.matchAll(/\]\(([^)\s]+)\)/g)) {
    const [path = '', anchor] = link.split('#');
    const inside = path.startsWith(repository) ? path.slice(repository.length).replace(/^(blob|tree)\/main\//, '') : '';
    if ((/^https?:/.test(path) && inside === '') || inside.startsWith('actions/')) continue;
    const file = inside || (path === '' ? page : join(dirname(page), path));
    expect(existsSync(inRepository(file)), `${link} of ${page}`).toBe(true);
    if (anchor === undefined || !file.endsWith('.md')) continue;
    const headings = (await readFile(inRepository(file), 'utf8')).matchAll(/^#+ (.+)$/gm);
    expect([...headings].map(([, heading = '']) => slugOf(heading))).toContain(anchor);
  }
});

test.each(['docs/guides', 'docs/scaling'])('the index of %s has every page', async (folder) => {
  const index = await readFile(inRepository(`${folder}/index.md`), 'utf8');
  const names = (await readdir(inRepository(folder))).filter((name) => name !== 'index.md');
  for (const name of names) expect(index).toContain(`](${name})`);
});

/** The anchor that GitHub creates for a heading. */
const slugOf = (heading: string) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
