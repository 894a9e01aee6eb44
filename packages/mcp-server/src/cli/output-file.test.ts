import { chmod, mkdtemp, readdir, readFile, realpath, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openOutput } from './output-file.ts';

let folder = '';
let path = '';
/** Reserved bytes. */
let reserved = 0;

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'output-file-')));
  path = join(folder, 'out.jsonl');
  reserved = 0;
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const open = () =>
  openOutput('out.jsonl', [folder], (bytes) => {
    reserved += bytes;
    return () => {
      reserved -= bytes;
    };
  });

test('a file can be appended to, its old content read, and everything replaced in one step', async () => {
  await writeFile(path, 'one\n');
  await chmod(path, 0o640);
  const output = await open();
  expect(output).toMatchObject({ path, content: 'one\n' });
  expect(reserved).toBeGreaterThan(0);
  await output.append('two\n');
  expect(await readFile(path, 'utf8')).toBe('one\ntwo\n');
  await output.replace('three\n');
  await output.close();
  expect(await readFile(path, 'utf8')).toBe('three\n');
  expect((await stat(path)).mode & 0o777).toBe(0o640);
  expect(await readdir(folder)).toEqual(['out.jsonl']);
  expect(reserved).toBe(0);
});

test('a file that was removed or replaced meanwhile is not overwritten', async () => {
  const output = await open();
  await output.append('ours\n');
  await rename(path, join(folder, 'moved'));
  await writeFile(path, 'theirs\n');
  await expect(output.replace('ours\n')).rejects.toThrow('was removed or replaced during the call');
  await rm(join(folder, 'moved'));
  await expect(output.append('more\n')).rejects.toThrow('was removed or replaced during the call');
  await output.close();
  expect(await readFile(path, 'utf8')).toBe('theirs\n');
  expect(await readdir(folder)).toEqual(['out.jsonl']);
});

test('a file that replaced an empty one is not removed', async () => {
  const output = await open();
  await rm(path);
  await writeFile(path, '');
  await output.close();
  expect(await readdir(folder)).toEqual(['out.jsonl']);
  const other = await open();
  await other.close();
  await rm(path);
  await (await open()).close();
  expect(await readdir(folder)).toEqual([]);
});

test('a file does not exceed its size limit', async () => {
  const output = await open();
  await expect(output.append('x'.repeat(50_000_001))).rejects.toThrow('would have more than 50 MB');
  await output.close();
  await writeFile(path, '');
  await truncate(path, 50_000_001);
  await expect(open()).rejects.toThrow('would have more than 50 MB');
});

test('only one call at a time can open a file', async () => {
  const output = await open();
  await output.append('x\n');
  await expect(open()).rejects.toThrow('another call writes to');
  await output.close();
  const next = await open();
  await next.close();
});

test('if several calls create a file at once, one of them gets it', async () => {
  const all = await Promise.allSettled(Array.from({ length: 8 }, open));
  const opened = all.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const reasons = all.flatMap((one) => (one.status === 'rejected' ? [(one.reason as Error).message] : []));
  expect(opened).toHaveLength(1);
  expect(new Set(reasons)).toEqual(new Set([`output: another call writes to ${path} now.`]));
  await opened[0]?.close();
});

test('lines that another process adds meanwhile stay', async () => {
  const output = await open();
  await output.append('ours\n');
  await writeFile(path, 'theirs\n', { flag: 'a' });
  await output.replace('only ours\n');
  await output.close();
  expect(await readFile(path, 'utf8')).toBe('ours\ntheirs\n');
});

test('a name may be as long as the system allows', async () => {
  const long = `${'日'.repeat(83)}.jsonl`;
  const output = await openOutput(long, [folder], () => () => {});
  await output.append('one\n');
  await output.replace('two\n');
  await output.close();
  expect(await readFile(join(folder, long), 'utf8')).toBe('two\n');
});

test('bytes that are not UTF-8 do not prevent replacing', async () => {
  await writeFile(path, new Uint8Array([0x61, 0xc3]));
  const output = await open();
  expect(output.content).toBe('a\ufffd');
  await output.append('\n');
  await output.replace('b\n');
  await output.close();
  expect(await readFile(path, 'utf8')).toBe('b\n');
});

test('a file is not opened without enough memory for its content', async () => {
  await writeFile(path, 'one\n');
  const full = () => {
    throw new Error('no memory');
  };
  await expect(openOutput('out.jsonl', [folder], full)).rejects.toThrow('no memory');
  await (await open()).close();
});
