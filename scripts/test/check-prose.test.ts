import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

const script = join(import.meta.dirname, '../check-prose.ts');

function check(name: string, text: string) {
  const folder = mkdtempSync(join(tmpdir(), 'prose-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, name);
  writeFileSync(file, text);
  const { status, stderr } = spawnSync(process.execPath, [script, file], { encoding: 'utf8' });
  return { status, output: stderr.replaceAll(`${file}:`, '') };
}

test.each([
  ['a comment', 'a.ts', '/** The\n * answer is no\n * list. */\nexport {};\n', '2:10: "is no": '],
  ['a string', 'a.ts', "export const a = 'The file is no list';\n", '1:27: "is no": '],
  ['a template', 'a.ts', 'export const a = `It is no list`;\n', '1:21: "is no": '],
  ['a paragraph', 'a.md', '# Title\n\nWhat the behaviour was.\n', '3:10: "behaviour": '],
])('%s with an unwanted word fails, with its place', (_, name, text, words) => {
  const { status, output } = check(name, text);
  expect(status).toBe(1);
  expect(output).toContain(words);
  expect(output).toContain('Wordings to change: 1.');
});

test.each([
  ['code', 'a.ts', 'export const behaviour = 1;\n'],
  ['a single word of a string', 'a.ts', "export const a = 'behaviour';\n"],
  ['a code block', 'a.md', '```ts\nconst behaviour = 1;\n```\n'],
  ['a name in code', 'a.md', 'The option `behaviour`.\n'],
  ['other words', 'a.md', 'There is no list, and it is no longer here.\n'],
])('%s passes', (_, name, text) => {
  expect(check(name, text)).toEqual({ status: 0, output: '' });
});
