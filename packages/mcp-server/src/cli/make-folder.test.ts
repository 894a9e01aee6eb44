import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeFolder, makeFolderSync } from './make-folder.ts';

let home = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'make-folder-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const ways = [
  ['waiting', makeFolder],
  ['at once', async (path: string) => makeFolderSync(path)],
] as const;

test.each(ways)('%s, it creates missing folders as private, and keeps existing ones', async (_, make) => {
  const path = join(home, 'one', 'two');
  await make(path);
  expect([join(home, 'one'), path].map((folder) => statSync(folder).mode & 0o777)).toEqual([0o700, 0o700]);
  await make(path);
});

test('the same folder can be created twice at once', async () => {
  const path = join(home, 'one', 'two');
  await Promise.all([makeFolder(path), makeFolder(path)]);
  expect(statSync(path).isDirectory()).toBe(true);
});

test.each(ways)('%s, it fails if the folder cannot be created', async (_, make) => {
  writeFileSync(join(home, 'file'), '');
  await expect(make(join(home, 'file', 'one'))).rejects.toThrow('ENOTDIR');
});

// Node's own `recursive` option hangs here.
test.runIf(process.platform === 'linux').each(ways)('%s, it ends in a file system without folders', async (_, make) => {
  await expect(make('/proc/none/one')).rejects.toThrow('ENOENT');
});
