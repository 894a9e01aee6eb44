import { mkdir, mkdtemp, readdir, readlink, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findFiles } from './find-files.ts';

let root = '';
let allowed = '';
let elsewhere = '';

const write = async (path: string) => {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, 'x');
};

beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'find-files-')));
  [allowed, elsewhere] = [join(root, 'allowed'), join(root, 'elsewhere')];
  await Promise.all(
    [join(allowed, 'a.md'), join(allowed, 'sub', 'b.md'), join(elsewhere, 'secret.md')].map((path) => write(path)),
  );
});

afterEach(() => rm(root, { recursive: true, force: true }));

const find = (wanted: readonly string[], { most = 100, signal = new AbortController().signal } = {}) =>
  findFiles(wanted, [allowed], { most, signal });
const names = async (...wanted: string[]) => (await find(wanted)).map(({ name }) => name);

/** Open folders below those of the test, if the system reports them. */
async function openOnes(): Promise<string[]> {
  const all = await readdir('/proc/self/fd').catch(() => []);
  const found = await Promise.all(all.map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')));
  return found.filter((name) => name.startsWith(root));
}

test('patterns find each file once; paths are not changed', async () => {
  expect(await find(['gone.md', '**/*.md', 'sub/*'])).toEqual([
    { name: 'gone.md', byPattern: false },
    { name: 'a.md', byPattern: true },
    { name: 'sub/b.md', byPattern: true },
  ]);
  expect(await names(`${allowed}/**/*.md`)).toEqual([join(allowed, 'a.md'), join(allowed, 'sub', 'b.md')]);
  expect(await openOnes()).toEqual([]);
});

test('the name of an existing file is not treated as a pattern', async () => {
  await write(join(allowed, '[ab].md'));
  await write(join(allowed, '!a.md'));
  await write(join(allowed, 'b.md'));
  expect(await names('[ab].md')).toEqual(['[ab].md']);
  expect(await names('!a.md')).toEqual(['!a.md']);
});

test('exclusions and patterns may be absolute or relative to a folder', async () => {
  await write(join(allowed, 'allowed', 'c.md'));
  for (const pattern of ['**/*.md', `${allowed}/**/*.md`]) {
    for (const exclusion of ['!sub', '!sub/**', `!${allowed}/sub`, `!${allowed}/sub/*`]) {
      const found = await names(pattern, exclusion);
      expect(found, `${pattern} ${exclusion}`).toHaveLength(2);
      expect(found.join(), exclusion).not.toContain('sub');
    }
    // Only the folder inside, and not the allowed one itself.
    expect(await names(pattern, '!allowed')).toHaveLength(2);
  }
  await symlink(join(allowed, 'sub'), join(allowed, 'inner'));
  await write(join(allowed, 'sub', 'd.md'));
  for (const exclusion of ['!inner/b.md', '!sub/b.md', `!${allowed}/sub/b.md`])
    expect(await names('inner/*.md', exclusion), exclusion).toEqual(['inner/d.md']);
});

test('exclusions that leave nothing give an error', async () => {
  for (const exclusion of ['!**/*.md', '!'])
    await expect(names('**/*.md', exclusion)).rejects.toThrow('files: the exclusions leave none of the files');
});

test('links are not followed, except the folder at the start of a pattern', async () => {
  await symlink(elsewhere, join(allowed, 'way'));
  await symlink(join(elsewhere, 'secret.md'), join(allowed, 'link.md'));
  await symlink(join(allowed, 'sub'), join(allowed, 'inner'));
  await symlink(allowed, join(allowed, 'sub', 'round'));
  expect(await names('**/*.md')).toEqual(['a.md', 'sub/b.md']);
  expect(await names('inner/*.md')).toEqual(['inner/b.md']);
  for (const pattern of [
    'way/*.md',
    'way/**',
    `${elsewhere}/*.md`,
    `${root}/**/*.md`,
    '../elsewhere/*',
    'sub/../../elsewhere/*',
  ])
    await expect(names(pattern), pattern).rejects.toThrow(`There is no file ${pattern} in the allowed folders.`);
});

test('too many results or entries give an error', async () => {
  await expect(find(['**/*.md'], { most: 1 })).rejects.toThrow('files: more than 1 match');
  await expect(find(['a', 'b'], { most: 1 })).rejects.toThrow('files: 2 are too many; 1 is the most.');
});

test('a search has a limit of entries, and reads none of them twice', async () => {
  const { signal } = new AbortController();
  const within = (patterns: string[], maxEntries: number) =>
    findFiles(patterns, [allowed], { most: 100, signal }, maxEntries);
  // a.md, sub, sub/b.md
  expect(await within(['**/*.md', '**/a.md', 'sub/*'], 3)).toHaveLength(2);
  await expect(within(['**/*.md'], 2)).rejects.toThrow('look at more than 2 files and folders');
  await expect(
    find(
      Array.from({ length: 101 }, (_, index) => `${index}*`),
      { most: 1000 },
    ),
  ).rejects.toThrow('files: more than 100 patterns');
});

test('an unreadable folder counts as empty, and the search continues', async ({ skip }) => {
  await mkdir(join(allowed, 'closed'), { mode: 0o000 });
  // Root can read everything.
  if (process.getuid?.() === 0) return skip();
  expect(await names('**/*.md')).toEqual(['a.md', 'sub/b.md']);
});

test('the search stops when the call ends', async () => {
  const controller = new AbortController();
  controller.abort(new Error('enough'));
  await expect(find(['**/*'], { signal: controller.signal })).rejects.toThrow('enough');
});
