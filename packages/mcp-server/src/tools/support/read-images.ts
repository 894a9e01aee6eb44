import { Refusal } from '../refusal.ts';
import type { FileAccess } from '../tool-context.ts';

/** Kinds of image that Ollama reads, by the bytes they begin with. */
const kinds: readonly { name: string; matches: (head: string) => boolean }[] = [
  { name: 'PNG', matches: (head) => head.startsWith('\x89PNG\r\n\x1a\n') },
  { name: 'JPEG', matches: (head) => head.startsWith('\xff\xd8\xff') },
  { name: 'WebP', matches: (head) => head.startsWith('RIFF') && head.slice(8, 12) === 'WEBP' },
  { name: 'GIF', matches: (head) => /^GIF8[79]a/.test(head) },
  { name: 'BMP', matches: (head) => head.startsWith('BM') && head.slice(6, 10) === '\0\0\0\0' },
];

const isImage = (head: string) => kinds.some(({ matches }) => matches(head));

/**
 * The images as base64: they come as such, or as paths of files.
 *
 * @throws Refusal for what is no image.
 */
export function readImages(images: readonly string[], files: FileAccess | undefined): Promise<string[]> {
  return Promise.all(images.map((image, index) => readImage(image, `images[${index}]`, files)));
}

async function readImage(image: string, place: string, files: FileAccess | undefined): Promise<string> {
  const base64 = image.replace(/^data:[\w./+-]*;base64,/, '').replace(/\s+/g, '');
  if (isImage(headOf(base64))) return base64;
  const known = kinds.map(({ name }) => name).join(', ');
  // No path has this length, and an error that repeats an image would be of no use.
  const mayBePath = image.length < 1024 && !image.startsWith('data:');
  if (files === undefined || !mayBePath) {
    throw new Refusal(`${place} is not the base64 text of an image (${known}).`);
  }
  const bytes = await files.readBytes(image);
  if (!isImage(latin(bytes.subarray(0, 16)))) throw new Refusal(`${place}: ${image} is no image (${known}).`);
  return toBase64(bytes);
}

/** The first bytes behind base64 text; nothing where it is no such text. */
function headOf(base64: string): string {
  try {
    return /^[A-Za-z0-9+/_-]{16}/.test(base64)
      ? atob(base64.slice(0, 24).replaceAll('-', '+').replaceAll('_', '/'))
      : '';
  } catch {
    return '';
  }
}

const latin = (bytes: Uint8Array) => String.fromCharCode(...bytes);

function toBase64(bytes: Uint8Array): string {
  // In pieces: a call cannot have a million arguments.
  const PIECE = 0x8000;
  let text = '';
  for (let at = 0; at < bytes.length; at += PIECE) text += latin(bytes.subarray(at, at + PIECE));
  return btoa(text);
}
