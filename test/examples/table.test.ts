import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { examplesFolder } from '../fixtures/examples/run-example.ts';

/** Not examples themselves: what they read, and what the folder needs. */
const notExamples = ['README.md', 'package.json', 'node_modules', 'Modelfile', 'invoice.txt'];

const readme = await readFile(join(examplesFolder, 'README.md'), 'utf8');
const rows = [...readme.matchAll(/^\| \[([^\]]+)\]\(([^)]+)\) \|/gm)].map(([, name = '', link = '']) => ({
  name,
  link,
}));

test('the table of the README has every example and no other', async () => {
  const found = await readdir(examplesFolder);
  expect(rows.map(({ name }) => name).sort()).toEqual(found.filter((name) => !notExamples.includes(name)).sort());
});

test.each(rows)('the link of $name leads to a file of it', ({ name, link }) => {
  expect(link.split('/')[0]).toBe(name);
  expect(existsSync(join(examplesFolder, link))).toBe(true);
});

test('each example is run by a test', async () => {
  const suites = join(import.meta.dirname, '..');
  const files = (await readdir(suites, { recursive: true })).filter(
    (name) => /^(examples|fixtures|mcp|n8n)\/.*\.ts$/.test(name) && !name.includes('node_modules'),
  );
  const texts = await Promise.all(files.map((name) => readFile(join(suites, name), 'utf8')));
  for (const { name } of rows) {
    const pattern = new RegExp(`['"/]${name.replaceAll('.', '\\.')}['"/:]`);
    expect(
      texts.some((text) => pattern.test(text)),
      name,
    ).toBe(true);
  }
});
