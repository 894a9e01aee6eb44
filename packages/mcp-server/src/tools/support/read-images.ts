import { Refusal } from '../refusal.ts';
import type { FileAccess } from '../tool-context.ts';

/** Image formats that Ollama reads, by their first bytes. */
const kinds: readonly { name: string; matches: (head: string) => boolean }[] = [
  { name: 'PNG', matches: (head) => head.startsWith('\x89PNG\r\n\x1a\n') },
  { name: 'JPEG', matches: (head) => head.startsWith('\xff\xd8\xff') },
  { name: 'WebP', matches: (head) => head.startsWith('RIFF') && head.slice(8, 12) === 'WEBP' },
  { name: 'GIF', matches: (head) => /^GIF8[79]a/.test(head) },
  { name: 'BMP', matches: (head) => head.startsWith('BM') && head.slice(6, 10) === '\0\0\0\0' },
];

const isImage = (head: string) => kinds.some(({ matches }) => matches(head));

/**
 * The images as base64. The input is base64, or file paths.
 *
 * @throws Refusal if one is not an image.
 */
export function readImages(images: readonly string[], files: FileAccess | undefined): Promise<string[]> {
  return Promise.all(images.map((image, index) => readImage(image, `images[${index}]`, files)));
}

async function readImage(image: string, place: string, files: FileAccess | undefined): Promise<string> {
  const written = image.replace(/\s/g, '');
  const base64 = written.replace(/^data:[\w./+-]*;base64,/, '');
  if (isImage(headOf(base64))) return base64;
  const known = kinds.map(({ name }) => name).join(', ');
  // A path is never this long, and an error message should not contain a whole image.
  const mayBePath = image.length < 1024 && !written.startsWith('data:');
  if (files === undefined || !mayBePath) {
    throw new Refusal(`${place} is not the base64 text of an image (${known}).`);
  }
  const file = await files.readBase64(image);
  if (!isImage(headOf(file))) throw new Refusal(`${place}: ${image} is not an image (${known}).`);
  return file;
}

/** The first bytes of base64 text, as characters; empty if it is not base64. */
function headOf(base64: string): string {
  // Stryker disable next-line MethodExpression: only saves decoding the rest
  const head = base64.slice(0, 24).replaceAll('-', '+').replaceAll('_', '/');
  try {
    if (/^[A-Za-z0-9+/]{16}/.test(head)) return atob(head);
  } catch {
    // It is not base64.
  }
  // Stryker disable next-line StringLiteral: no image begins with that either
  return '';
}
