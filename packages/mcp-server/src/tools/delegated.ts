import type { Message } from '@ollama-toolbelt/core';
import type { FileAccess } from '../file-access.ts';
import { Refusal } from '../refusal.ts';
import { readImages } from './image-data.ts';

/** What a call hands to the model besides its words. */
export interface Delegated {
  /** The text files, each between marks with its name; empty without files. */
  text: string;
  /** As base64. */
  images: string[];
}

const MOST_FILES = 50;

/** @throws Refusal, or an `OllamaError`, for what cannot be read. */
export async function readDelegated(
  args: { files?: readonly string[] | undefined; images?: readonly string[] | undefined },
  access: FileAccess | undefined,
): Promise<Delegated> {
  const { files = [], images = [] } = args;
  if (files.length > MOST_FILES) throw new Refusal(`files: ${files.length} are too many; ${MOST_FILES} is the most.`);
  if (files.length > 0 && access === undefined) throw new Refusal('No folder is allowed.', 'See --allow-dir.');
  const texts = await Promise.all(
    files.map(async (path) => (await access?.readText(path)) ?? { name: path, text: '' }),
  );
  return {
    text: texts.map(({ name, text }) => `<file name=${JSON.stringify(name)}>\n${text}\n</file>\n\n`).join(''),
    images: await readImages(images, access),
  };
}

/** The messages with the files before the words of the last one of the user, and the images with it. */
export function withDelegated(messages: readonly Message[], { text, images }: Delegated): Message[] {
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
