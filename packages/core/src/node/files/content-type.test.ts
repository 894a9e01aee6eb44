import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { contentType } from './content-type.ts';
import { openRegularFile } from './open-file.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'content-type-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** A byte that no text contains. */
const BINARY = 0x01;

test.each<[string, readonly number[], string]>([
  ['nothing', [], 'text/plain'],
  ['letters', [0x41, 0x42], 'text/plain'],
  ['tab, line feed, form feed, carriage return and escape', [0x09, 0x0a, 0x0c, 0x0d, 0x1b, 0x20, 0xff], 'text/plain'],
  ['a control byte', [0x41, BINARY], 'application/octet-stream'],
  ['a null byte', [0x41, 0], 'application/octet-stream'],
  ['the last control byte', [0x1f], 'application/octet-stream'],
  ['a vertical tab', [0x0b], 'application/octet-stream'],
  ['the byte order mark of UTF-8', [0xef, 0xbb, 0xbf, BINARY], 'text/plain'],
  ['half of that mark', [0xef, 0xbb, BINARY], 'application/octet-stream'],
  ['the byte order mark of UTF-16, little-endian', [0xff, 0xfe, 0x41, 0], 'text/plain'],
  ['the byte order mark of UTF-16, big-endian', [0xfe, 0xff, 0, 0x41], 'text/plain'],
  ['the signature of a zip file', [0x50, 0x4b, 0x03, 0x04, 0x41], 'application/zip'],
  ['most of that signature', [0x50, 0x4b, 0x03, 0x41], 'application/octet-stream'],
  ['512 letters', [...Array(512).fill(0x41), BINARY], 'text/plain'],
  ['511 letters', [...Array(511).fill(0x41), BINARY], 'application/octet-stream'],
])('a file that begins with %s', async (_, bytes, type) => {
  const path = join(folder, 'file');
  await writeFile(path, Uint8Array.from(bytes));
  expect(await contentType(path, openRegularFile)).toBe(type);
});

test('the file is closed afterwards', async () => {
  const path = join(folder, 'file');
  await writeFile(path, 'text');
  const handle = await openRegularFile(path);
  await contentType(path, async () => handle);
  expect(handle.fd).toBe(-1);
});
