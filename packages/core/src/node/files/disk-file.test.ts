import { type FileHandle, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DiskFile } from './disk-file.ts';
import { openRegularFile } from './open-file.ts';

let folder = '';
let path = '';
let handles: FileHandle[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'disk-file-'));
  path = join(folder, 'model.gguf');
  handles = [];
  await writeFile(path, new Uint8Array(600_000));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const find = () =>
  DiskFile.find(path, 'model.gguf', async (given) => {
    const handle = await openRegularFile(given);
    handles.push(handle);
    return handle;
  });

/** A closed handle has no number. */
const numbers = () => handles.map(({ fd }) => fd);

test('gives the complete file in pieces, and closes it', async () => {
  const file = await find();
  let size = 0;
  let pieces = 0;
  for await (const piece of file.read()) {
    size += piece.length;
    pieces += 1;
  }
  expect({ size, isInPieces: pieces > 1 }).toEqual({ size: 600_000, isInPieces: true });
  expect(numbers()).toEqual([-1]);
});

test('closes the file when its reader stops', async () => {
  for await (const _ of (await find()).read()) break;
  expect(numbers()).toEqual([-1]);
});

test('closes the file when hashing is cancelled', async () => {
  const controller = new AbortController();
  const digest = (await find()).digest(controller.signal, () => controller.abort(new RangeError('enough')));
  await expect(digest).rejects.toThrow('enough');
  expect(numbers()).toEqual([-1]);
});

test('notices that the file changed while it was read, even if its size did not, and closes it', async () => {
  const file = await find();
  const read = async () => {
    let pieces = 0;
    for await (const _ of file.read()) {
      pieces += 1;
      if (pieces > 1) continue;
      await writeFile(path, new Uint8Array(600_000).fill(1));
      await utimes(path, 1, 1);
    }
  };
  await expect(read()).rejects.toMatchObject({
    code: 'bad_request',
    retryable: true,
    message: `${path} changed while it was read.`,
  });
  expect(numbers()).toEqual([-1]);
});
