import { mkdir, mkdtemp, readdir, readlink, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Refusal } from '../tools/refusal.ts';
import { openInside } from './open-inside.ts';

let root = '';
let allowed = '';
let elsewhere = '';

beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'open-inside-')));
  [allowed, elsewhere] = [join(root, 'allowed'), join(root, 'elsewhere')];
  await Promise.all([mkdir(join(allowed, 'sub'), { recursive: true }), mkdir(elsewhere)]);
  await Promise.all([
    writeFile(join(allowed, 'sub', 'a.txt'), 'inside'),
    writeFile(join(elsewhere, 'a.txt'), 'outside'),
  ]);
});

afterEach(() => rm(root, { recursive: true, force: true }));

/** Open files of this process below the folders of the test, if the system reports them. */
async function openFiles(): Promise<string[]> {
  const all = await readdir('/proc/self/fd').catch(() => []);
  const names = await Promise.all(all.map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')));
  return names.filter((name) => name.startsWith(root));
}

test('opens a file in an allowed folder', async () => {
  const file = await openInside(join(allowed, 'sub', 'a.txt'), [allowed]);
  expect(await file?.readFile('utf8')).toBe('inside');
  await file?.close();
  expect(await openFiles()).toEqual([]);
});

// The paths had no links when they were checked.
test('a link that replaced the file after the check is not followed', async () => {
  const path = join(allowed, 'sub', 'a.txt');
  await rm(path);
  await symlink(join(elsewhere, 'a.txt'), path);
  await expect(openInside(path, [allowed])).rejects.toThrow(Refusal);
  expect(await openFiles()).toEqual([]);
});

test('a link that replaced its folder after the check is not followed', async () => {
  await rm(join(allowed, 'sub'), { recursive: true });
  await symlink(elsewhere, join(allowed, 'sub'));
  expect(await openInside(join(allowed, 'sub', 'a.txt'), [allowed])).toBeUndefined();
  expect(await openFiles()).toEqual([]);
});

test('a folder instead of a file is refused', async () => {
  await expect(openInside(join(allowed, 'sub'), [allowed])).rejects.toThrow('is not a file');
  expect(await openFiles()).toEqual([]);
});
