import {
  link,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readlink,
  realpath,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openInside } from './open-inside.ts';

// In reality, only some systems tell the path of an open file, and somebody else changes folders during a check.
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>();
  return { ...real, lstat: vi.fn(real.lstat), readlink: vi.fn(real.readlink), realpath: vi.fn(real.realpath) };
});
const real = await vi.importActual<typeof import('node:fs/promises')>('node:fs/promises');

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

afterEach(async () => {
  for (const mocked of [lstat, readlink, realpath]) vi.mocked(mocked).mockReset();
  await rm(root, { recursive: true, force: true });
});

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

test('a link that replaced a folder above the allowed one is not followed', async () => {
  await mkdir(join(elsewhere, 'deep', 'sub'), { recursive: true });
  await writeFile(join(elsewhere, 'deep', 'sub', 'a.txt'), 'outside');
  await symlink(elsewhere, join(root, 'above'));
  const deep = join(root, 'above', 'deep');
  expect(await openInside(join(deep, 'sub', 'a.txt'), [deep])).toBeUndefined();
  vi.mocked(readlink).mockRejectedValueOnce(new Error('ENOENT'));
  expect(await openInside(join(deep, 'sub', 'a.txt'), [deep])).toBeUndefined();
  expect(await openFiles()).toEqual([]);
});

test('each of several folders is allowed', async () => {
  for (const [folder, text] of [
    [join(allowed, 'sub'), 'inside'],
    [elsewhere, 'outside'],
  ] as const) {
    await using file = await openInside(join(folder, 'a.txt'), [join(root, 'none'), allowed, elsewhere]);
    expect(await file?.readFile('utf8')).toBe(text);
  }
});

test('a folder instead of a file is refused', async () => {
  await expect(openInside(join(allowed, 'sub'), [allowed])).rejects.toMatchObject({
    message: `${join(allowed, 'sub')} is not a file.`,
    hint: expect.stringContaining('folder/**'),
  });
  expect(await openFiles()).toEqual([]);
});

// Only there is `/proc/self/fd`.
describe.runIf(process.platform === 'linux')('if the system tells the path of an open file', () => {
  test('a file that was opened through a link is refused, even if its name has become another name of it', async () => {
    const sub = join(allowed, 'sub');
    await rename(sub, join(allowed, 'aside'));
    await symlink(elsewhere, sub);
    vi.mocked(readlink).mockImplementationOnce(async (path) => {
      await rm(sub);
      await mkdir(sub);
      await link(join(elsewhere, 'a.txt'), join(sub, 'a.txt'));
      return await real.readlink(path);
    });
    expect(await openInside(join(sub, 'a.txt'), [allowed])).toBeUndefined();
    expect(readlink).toHaveBeenCalledTimes(1);
    expect(await openFiles()).toEqual([]);
  });
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

  describe('and a folder is a link only for a moment', () => {
    const path = () => join(allowed, 'sub', 'a.txt');
    const toLink = async () => {
      await rename(join(allowed, 'sub'), join(allowed, `aside-${(await readdir(allowed)).length}`));
      await symlink(elsewhere, join(allowed, 'sub'));
    };
    /** A new folder, with a file of the same name. */
    const toFolder = async () => {
      await rm(join(allowed, 'sub'));
      await mkdir(join(allowed, 'sub'));
      await writeFile(path(), 'new');
    };

    test('another folder after the check is noticed', async () => {
      await toLink();
      vi.mocked(lstat).mockImplementation((async (name: string, options: { bigint: true }) => {
        if (name !== path()) return await real.lstat(name, options);
        await toLink();
        const found = await real.lstat(name, options);
        await toFolder();
        return found;
      }) as typeof lstat);
      expect(await openWhile(toFolder)).toBeUndefined();
    });

    test('a link is noticed that has become a folder when the links are resolved', async () => {
      await toLink();
      vi.mocked(realpath).mockImplementationOnce((async (name: string) => {
        await toFolder();
        return await real.realpath(name);
      }) as typeof realpath);
      expect(await openWhile(async () => {})).toBeUndefined();
    });
  });

  test('a file of another file system with the same number is noticed', async () => {
    vi.mocked(lstat).mockImplementation((async (name: string, options: { bigint: true }) => {
      const facts = await real.lstat(name, options);
      return name.endsWith('a.txt') ? Object.assign(facts, { dev: facts.dev + 1n }) : facts;
    }) as typeof lstat);
    expect(await openWhile(async () => {})).toBeUndefined();
  });
});
