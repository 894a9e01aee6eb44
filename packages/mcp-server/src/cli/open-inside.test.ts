import { mkdir, mkdtemp, readdir, readlink, realpath, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openInside } from './open-inside.ts';

// In reality, only some systems tell the path of an open file.
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>();
  return { ...real, readlink: vi.fn(real.readlink) };
});

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
  await expect(openInside(path, [allowed])).rejects.toThrow(`${path} cannot be read (ELOOP).`);
  expect(await openFiles()).toEqual([]);
});

test('a link that replaced its folder after the check is not followed', async () => {
  await rm(join(allowed, 'sub'), { recursive: true });
  await symlink(elsewhere, join(allowed, 'sub'));
  expect(await openInside(join(allowed, 'sub', 'a.txt'), [allowed])).toBeUndefined();
  expect(await openFiles()).toEqual([]);
});

test('a folder instead of a file is refused', async () => {
  await expect(openInside(join(allowed, 'sub'), [allowed])).rejects.toMatchObject({
    message: `${join(allowed, 'sub')} is not a file.`,
    hint: expect.stringContaining('folder/**'),
  });
  expect(await openFiles()).toEqual([]);
});

describe('if the system does not tell the path of an open file', () => {
  /** Opens the file of the first test; `meanwhile` happens once it is open. */
  async function openWhile(meanwhile: () => Promise<unknown>, folders = [allowed]) {
    vi.mocked(readlink).mockImplementationOnce(async () => {
      await meanwhile();
      throw new Error('ENOENT');
    });
    const file = await openInside(join(allowed, 'sub', 'a.txt'), folders);
    const text = await file?.readFile('utf8');
    await file?.close();
    expect(await openFiles()).toEqual([]);
    return text;
  }

  test('an allowed file is opened', async () => {
    expect(await openWhile(async () => {}, [elsewhere, allowed])).toBe('inside');
  });

  test('a file outside is not', async () => {
    expect(await openWhile(async () => {}, [elsewhere])).toBeUndefined();
  });

  test('another file under its name is noticed', async () => {
    const path = join(allowed, 'sub', 'a.txt');
    const replace = async () => {
      await rename(path, join(root, 'aside'));
      await writeFile(path, 'other');
    };
    expect(await openWhile(replace)).toBeUndefined();
  });

  test('a link under the name of its folder is noticed, even one to the same folder', async () => {
    const replace = async () => {
      await rename(join(allowed, 'sub'), join(allowed, 'aside'));
      await symlink(join(allowed, 'aside'), join(allowed, 'sub'));
    };
    expect(await openWhile(replace)).toBeUndefined();
  });

  test('a file that is gone gives an error', async () => {
    const path = join(allowed, 'sub', 'a.txt');
    await expect(openWhile(() => rm(path))).rejects.toThrow('ENOENT');
    expect(await openFiles()).toEqual([]);
  });
});
