import { describe, expect, test } from 'vitest';
import type { FileAccess } from '../tool-context.ts';
import { readImages } from './read-images.ts';

/** The base64 text of a file that begins with these characters. */
const base64 = (head: string) => Buffer.from(head.padEnd(30, 'x'), 'latin1').toString('base64');

const folderWith = (file: string) => ({ readBase64: async () => file }) as unknown as FileAccess;

const png = base64('\x89PNG\r\n\x1a\n');
const refusal = (place: string) => `${place} is not the base64 text of an image (PNG, JPEG, WebP, GIF, BMP).`;

describe.each([
  ['PNG', png],
  ['JPEG', base64('\xff\xd8\xff')],
  ['WebP', base64('RIFF\x01\x02\x03\x04WEBP')],
  ['GIF of 1987', base64('GIF87a')],
  ['GIF of 1989', base64('GIF89a')],
  ['BMP', base64('BM\x01\x02\x03\x04\0\0\0\0')],
])('a %s', (_, image) => {
  test('is read as base64, also in a data URL and over several lines', async () => {
    const lines = image.replace(/.{9}/g, '$&\r\n');
    const url = `data:image/x.y+z-1;base64,${image}`;
    expect(await readImages([image, url, lines, `\n  ${url}`], undefined)).toEqual(Array(4).fill(image));
  });

  test('is read from a file', async () => {
    expect(await readImages(['a.img'], folderWith(image))).toEqual([image]);
  });
});

test.each([
  ['a sound', base64('RIFF\x01\x02\x03\x04WAVE')],
  ['the middle of a WebP', base64('XXXX\x01\x02\x03\x04WEBP')],
  ['a text that begins with BM', base64('BM is short')],
  ['the middle of a BMP', base64('XX\x01\x02\x03\x04\0\0\0\0')],
  ['an image with a data URL in it', `${png.slice(0, 8)}data:image/png;base64,${png.slice(8)}`],
  ['a text about GIF89a', base64('a GIF89a')],
  ['GIF80a', base64('GIF80a')],
  ['the end of a JPEG', base64('xx\xff\xd8\xff')],
  ['an empty file', ''],
  ['a file with an image in it', `###${png}`],
])('%s is not an image', async (_, text) => {
  await expect(readImages([png, text], undefined)).rejects.toThrow(refusal('images[1]'));
  await expect(readImages(['a.img'], folderWith(text))).rejects.toThrow(
    'images[0]: a.img is not an image (PNG, JPEG, WebP, GIF, BMP).',
  );
});

test.each([
  ['\xff\xd8\xff\xfb\xff', /^_9j_-_/],
  ['BM>\xff\x03\x04\0\0\0\0', /^Qk0-_/],
])('base64 with the characters of URLs is an image too: %j', async (head, start) => {
  const image = base64(head).replaceAll('+', '-').replaceAll('/', '_');
  expect(image).toMatch(start);
  expect(await readImages([image], undefined)).toEqual([image]);
});

test.each([
  ['letters and slashes like base64', 'photos/of/my/cats.png'],
  ['what base64 of a JPEG begins with', '/9j/cats'],
])('a path of %s is a path', async (_, path) => {
  expect(await readImages([path], folderWith(png))).toEqual([png]);
});

test('what is too long for a path, or a data URL, is not looked for as a file', async () => {
  const files = folderWith(png);
  expect(await readImages(['x'.repeat(1023)], files)).toEqual([png]);
  for (const image of ['x'.repeat(1024), 'data:image/png;base64,x', ' data:image/png;base64,x'])
    await expect(readImages([image], files)).rejects.toThrow(refusal('images[0]'));
});
