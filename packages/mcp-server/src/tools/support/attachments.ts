import type { Message } from '@ollama-toolbelt/core/neutral';
import { Refusal } from '../refusal.ts';
import type { FileAccess, TextFile } from '../tool-context.ts';
import { readImages } from './read-images.ts';

/** What a call gives the model besides its words. */
export interface Attachments {
  /** The text files, each in a tag with its name; empty without files. */
  text: string;
  /** As base64. */
  images: string[];
}

const MAX_FILES = 50;
/** Of all files together; no context takes more. */
const MAX_CHARACTERS = 8_000_000;

/** @throws Refusal for a file that cannot be read. */
export async function readTexts(paths: readonly string[], access: FileAccess | undefined): Promise<TextFile[]> {
  if (paths.length === 0) return [];
  if (access === undefined) throw new Refusal('No folder is allowed.', 'See --allow-dir.');
  if (paths.length > MAX_FILES) throw new Refusal(`files: ${paths.length} are too many; ${MAX_FILES} is the most.`);
  const texts = await Promise.all(paths.map((path) => access.readText(path)));
  const size = texts.reduce((sum, { text }) => sum + text.length, 0);
  if (size <= MAX_CHARACTERS) return texts;
  throw new Refusal(`The files have ${size} characters together; ${MAX_CHARACTERS} is the most.`);
}

/** @throws Refusal for a file that cannot be read. */
export async function readAttachments(
  { files = [], images = [] }: { files?: readonly string[] | undefined; images?: readonly string[] | undefined },
  access: FileAccess | undefined,
): Promise<Attachments> {
  const texts = await readTexts(files, access);
  return {
    text: texts.map(({ name, text }) => `<file name=${JSON.stringify(name)}>\n${text}\n</file>\n\n`).join(''),
    images: await readImages(images, access),
  };
}

/** The messages, with the files before the text of the last user message, and the images in it. */
export function withAttachments(messages: readonly Message[], { text, images }: Attachments): Message[] {
  if (text === '' && images.length === 0) return [...messages];
  const last = messages.findLastIndex(({ role }) => role === 'user');
  const { content = '', images: before = [], ...rest } = messages[last] ?? {};
  const whole: Message = {
    ...rest,
    role: 'user',
    content: text === '' ? content : `${text}${content}`.trimEnd(),
    ...((before.length > 0 || images.length > 0) && { images: [...before, ...images] }),
  };
  return last < 0 ? [...messages, whole] : messages.with(last, whole);
}
