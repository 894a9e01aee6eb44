import { readdirSync, readlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, realpath, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Refusal } from '../tools/refusal.ts';
import { DiskFiles, diskFilesIn } from './disk-files.ts';
import type { KeptVectors } from './kept-vectors.ts';

let root = '';
let files: DiskFiles;
const reserved: number[] = [];
let released = 0;
/** Happens after the size of a file is known, and before it is read. */
let beforeReading = () => {};
const access = () =>
  files.forCall((bytes) => {
    reserved.push(bytes);
    beforeReading();
    return () => {
      released += 1;
    };
  });

beforeEach(async () => {
  reserved.length = 0;
  released = 0;
  beforeReading = () => {};
  root = await realpath(await mkdtemp(join(tmpdir(), 'disk-files-')));
  for (const folder of ['one', 'other', 'outside']) {
    await mkdir(join(root, folder));
    await writeFile(join(root, folder, `${folder}.txt`), folder);
  }
  files = new DiskFiles([join(root, 'one'), join(root, 'other')]);
});

afterEach(async () => {
  expect(openFiles()).toEqual([]);
  await rm(root, { recursive: true, force: true });
});

/** Open files of this process below the folders of the test, if the system reports them. */
function openFiles(): string[] {
  const nameOf = (fd: string) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`);
    } catch {
      return '';
    }
  };
  return process.platform === 'linux' ? readdirSync('/proc/self/fd').filter((fd) => nameOf(fd).startsWith(root)) : [];
}

describe('with two folders', () => {
  test('files in both can be read, by absolute or relative path', async () => {
    for (const folder of ['one', 'other']) {
      const path = join(root, folder, `${folder}.txt`);
      expect(await files.resolve(path)).toBe(path);
      expect(await files.resolve(`${folder}.txt`)).toBe(path);
      expect(await access().readText(path)).toMatchObject({ name: path, text: folder });
      expect(await access().readBase64(path)).toBe(Buffer.from(folder).toString('base64'));
    }
  });

  test('a call can find files in both, and learns where a file really is', async () => {
    await symlink(join(root, 'other', 'other.txt'), join(root, 'one', 'link'));
    const { signal } = new AbortController();
    const found = await access().find(['*.txt'], { most: 2, signal });
    expect(found.map(({ name }) => name)).toEqual(['one.txt', 'other.txt']);
    expect(await access().resolve('link')).toBe(join(root, 'other', 'other.txt'));
    await expect(access().find(['*.txt'], { most: 1, signal })).rejects.toBeInstanceOf(Refusal);
  });

  test('a folder that becomes a link after its path was checked is refused like a file that does not exist', async () => {
    const path = join(root, 'one', 'one.txt');
    const { resolve } = files;
    vi.spyOn(files, 'resolve').mockImplementation(async (name) => {
      const real = await resolve.call(files, name);
      await rename(join(root, 'one'), join(root, 'aside'));
      await symlink(join(root, 'outside'), join(root, 'one'));
      await writeFile(join(root, 'outside', 'one.txt'), 'outside');
      return real;
    });
    const refused = await access()
      .readText(path)
      .catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(Refusal);
    vi.mocked(files.resolve).mockRestore();
    expect(await files.resolve(join(root, 'none')).catch((error: Refusal) => error.message)).toBe(
      (refused as Refusal).message.replace(path, join(root, 'none')),
    );
  });

  test('a link from one into the other is followed, but not one to the outside', async () => {
    await symlink(join(root, 'other', 'other.txt'), join(root, 'one', 'in'));
    await symlink(join(root, 'outside', 'outside.txt'), join(root, 'one', 'out'));
    expect((await access().readText(join(root, 'one', 'in'))).text).toBe('other');
    await expect(access().readText(join(root, 'one', 'out'))).rejects.toBeInstanceOf(Refusal);
  });

  test.each(['outside/outside.txt', 'outside/none.txt', 'one/../outside/outside.txt', 'one/none.txt'])(
    '%s is refused with the same message',
    async (path) => {
      const whole = join(root, path);
      const words = (text: string) => text.replaceAll(whole, 'PATH');
      const [refused, other] = await Promise.all(
        [whole, join(root, 'outside')].map((file) => files.resolve(file).catch((error: Refusal) => error)),
      );
      expect(refused).toBeInstanceOf(Refusal);
      expect(words((refused as Refusal).message)).toBe(
        (other as Refusal).message.replaceAll(join(root, 'outside'), 'PATH'),
      );
    },
  );

  test('a path on another machine is never accessed', async () => {
    await expect(files.resolve('//server/share/a.txt')).rejects.toBeInstanceOf(Refusal);
    await expect(files.resolve('\\\\server\\share\\a.txt')).rejects.toBeInstanceOf(Refusal);
    // Here, two slashes are this machine, and the link leads to an allowed file.
    const link = join(root, 'outside', 'in');
    await symlink(join(root, 'one', 'one.txt'), link);
    expect(await files.resolve(link)).toBe(join(root, 'one', 'one.txt'));
    expect(await files.resolve(`${join(root, 'outside')}//in`)).toBe(join(root, 'one', 'one.txt'));
    await expect(files.resolve(`/${link}`)).rejects.toBeInstanceOf(Refusal);
    // An allowed folder may be on another machine.
    expect(await files.resolve(`/${join(root, 'one', 'one.txt')}`)).toBe(join(root, 'one', 'one.txt'));
  });
});

describe('a file', () => {
  const at = (name: string) => join(root, 'one', name);

  test('takes four times its size of memory until it is released', async () => {
    await writeFile(at('a'), 'x'.repeat(10_000));
    const { text, release } = await access().readText(at('a'));
    expect([text.length, reserved, released]).toEqual([10_000, [40_000], 0]);
    release();
    expect(released).toBe(1);
  });

  test.each([0, 1, 4095, 4096, 4097, 1_048_575, 1_048_576, 1_048_577, 4_000_000])(
    'of %i bytes is read completely',
    async (size) => {
      await writeFile(at('a'), 'x'.repeat(size));
      expect((await access().readText(at('a'))).text.length).toBe(size);
    },
  );

  test('one byte over the limit is refused and not read', async () => {
    await truncate(at('one.txt'), 4_000_001);
    await expect(access().readText(at('one.txt'))).rejects.toThrow('has 4000001 bytes; 4000000 is the most.');
    expect(reserved).toEqual([]);
  });

  test('that grows while it is read is read completely, up to the limit', async () => {
    beforeReading = () => writeFileSync(at('one.txt'), 'x'.repeat(4_000_000));
    expect((await access().readText(at('one.txt'))).text.length).toBe(4_000_000);
    await truncate(at('one.txt'), 1);
    beforeReading = () => truncateSync(at('one.txt'), 4_000_001);
    await expect(access().readText(at('one.txt'))).rejects.toThrow(
      `${at('one.txt')} has more than 4000000 bytes, which is the most.`,
    );
  });

  test.each([
    ['UTF-16', [0xff, 0xfe, 0x61, 0], 'a'],
    ['UTF-8', [0xc3, 0xa4], 'ä'],
  ])('in %s is text', async (_, bytes, text) => {
    await writeFile(at('a'), Uint8Array.from(bytes));
    expect((await access().readText(at('a'))).text).toBe(text);
  });

  test.each([
    ['bytes that are not UTF-8', [0x61, 0xff]],
    ['half a byte order mark of UTF-16', [0xff, 0x61]],
    ['the other half', [0x61, 0xfe]],
    ['a null byte', [0x61, 0]],
  ])('with %s is not', async (_, bytes) => {
    await writeFile(at('a'), Uint8Array.from(bytes));
    await expect(access().readText(at('a'))).rejects.toMatchObject({
      message: expect.stringContaining('is not a text file.'),
      hint: expect.stringContaining('Pass images in images'),
    });
  });
});

describe('for the core', () => {
  test('a file is opened, and a refusal is an error of the core', async () => {
    const file = await files.openForCore(join(root, 'other', 'other.txt'));
    expect(await file.readFile('utf8')).toBe('other');
    await file.close();
    const path = join(root, 'outside', 'outside.txt');
    await expect(files.openForCore(path)).rejects.toMatchObject({ name: 'OllamaError', code: 'bad_request', path });
  });

  test('an error that is not a refusal stays what it is', async () => {
    const error = new TypeError('unexpected');
    vi.spyOn(files, 'resolve').mockRejectedValueOnce(error);
    await expect(files.openForCore('one.txt')).rejects.toBe(error);
  });
});

describe('writing', () => {
  test('is offered if there is a folder for it', () => {
    expect([files.canWrite, 'openOutput' in access()]).toEqual([false, false]);
    files = new DiskFiles([join(root, 'one')], [join(root, 'other')]);
    expect([files.canWrite, 'openOutput' in access()]).toEqual([true, true]);
  });

  test('is possible only in that folder', async () => {
    files = new DiskFiles([root], [join(root, 'other')]);
    const output = await access().openOutput?.(join(root, 'other', 'a.jsonl'));
    await output?.close();
    expect(output?.path).toBe(join(root, 'other', 'a.jsonl'));
    await expect(access().openOutput?.(join(root, 'one', 'a.jsonl'))).rejects.toBeInstanceOf(Refusal);
  });

  test('needs a folder to read, and both must exist', () => {
    const settings = { cacheDir: undefined, cacheMb: 0 };
    expect(diskFilesIn({ ...settings, allowDir: [], allowWrite: [] })).toBeUndefined();
    expect(diskFilesIn({ ...settings, allowDir: [root], allowWrite: [] })?.folders).toEqual([root]);
    expect(() => diskFilesIn({ ...settings, allowDir: [], allowWrite: [root] })).toThrow(
      '--allow-write needs --allow-dir',
    );
    expect(() => new DiskFiles([join(root, 'none')])).toThrow('--allow-dir: there is no folder');
    expect(() => new DiskFiles([join(root, 'one', 'one.txt')])).toThrow('--allow-dir: there is no folder');
    expect(() => new DiskFiles([root], [join(root, 'none')])).toThrow('--allow-write: there is no folder');
  });
});

test('a call learns why vectors were not kept, also if that happens during the call', () => {
  expect(access().vectorsProblem).toBeUndefined();
  const vectors = { problem: undefined as string | undefined };
  files = new DiskFiles([root], [], vectors as KeptVectors);
  const call = access();
  vectors.problem = 'the disk is full';
  expect(call.vectorsProblem).toBe('the disk is full');
});
