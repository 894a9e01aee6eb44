import type { Message } from '@ollama-toolbelt/core/neutral';
import { Refusal } from '../refusal.ts';
import type { TextFile, ToolContext } from '../tool-context.ts';
import { readImages } from './read-images.ts';

/** Files and images that a call sends to the model in addition to its text. */
export interface Attachments {
  /** The text files, each in a tag with its name. Empty if there are none. */
  text: string;
  /** As base64. */
  images: string[];
}

const MAX_FILES = 50;
/** Limit for all files together: no model has a larger context. */
const MAX_CHARACTERS = 8_000_000;

type Access = Pick<ToolContext, 'files' | 'signal'>;

/** @throws Refusal for a file that cannot be read. */
async function readTexts(wanted: readonly string[], { files: access, signal }: Access): Promise<TextFile[]> {
  if (wanted.length === 0) return [];
  if (access === undefined) throw new Refusal('No folder is allowed.', 'See --allow-dir.');
  const found = await access.find(wanted, { most: MAX_FILES, signal });
  const texts = await Promise.all(found.map(({ name }) => access.readText(name)));
  const size = texts.reduce((sum, { text }) => sum + text.length, 0);
  if (size <= MAX_CHARACTERS) return texts;
  throw new Refusal(`The files have ${size} characters together; ${MAX_CHARACTERS} is the most.`);
}

/** @throws Refusal for a file that cannot be read. */
export async function readAttachments(
  { files = [], images = [] }: { files?: readonly string[] | undefined; images?: readonly string[] | undefined },
  context: Access,
): Promise<Attachments> {
  const texts = await readTexts(files, context);
  return { text: texts.map(taggedText).join(''), images: await readImages(images, context.files) };
}

/** The form in which models receive a file. */
export const taggedText = ({ name, text }: TextFile): string =>
  `<file name=${JSON.stringify(name)}>\n${text}\n</file>\n\n`;

/** Adds the files before the text of the last user message, and the images to that message. */
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
