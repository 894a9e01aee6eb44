import { isObject } from './json.ts';
import { asText } from './values.ts';

/** An image at an address, or itself: base64, bytes, or a data URL. */
export type BlockImage = { url: string } | { data: string | Uint8Array };

/** The part of a message block that Ollama accepts. A `file` is one that it does not. */
export type Block = { text: string } | { thinking: string } | { image: BlockImage } | { file: string } | undefined;

const FILES = /audio|video|file|media|document/;

/**
 * Reads a message block as LangChain, OpenAI, Anthropic, Vercel and n8n write it. Undefined if it means nothing to a
 * model.
 */
export function readBlock(block: unknown): Block {
  if (typeof block === 'string') return { text: block };
  if (!isObject(block)) return undefined;
  const type = String(block['type'] ?? '');
  if (/^(input_|output_)?text$/.test(type) || (type === '' && 'text' in block)) return { text: asText(block['text']) };
  if (type === 'reasoning' || type === 'thinking') {
    return { thinking: String(block['reasoning'] ?? block['thinking'] ?? block['text'] ?? '') };
  }
  const image = imageIn(type, block);
  if (image) return { image };
  return FILES.test(type) ? { file: mimeTypeOf(block) ?? type } : undefined;
}

/** Whether a value is a block of any kind, also of one that means nothing to a model. */
export const isBlock = (value: unknown): boolean =>
  readBlock(value) !== undefined || (isObject(value) && 'type' in value);

function imageIn(type: string, block: Record<string, unknown>): BlockImage | undefined {
  const isImage = /^(input_)?image(_url)?$/.test(type) || mimeTypeOf(block)?.startsWith('image/');
  if (!isImage) return undefined;
  const { source } = block;
  if (isObject(source)) return source['url'] === undefined ? dataOf(source['data']) : urlOf(source['url']);
  const address = block['image_url'] ?? block['url'];
  if (address !== undefined) return urlOf(isObject(address) ? address['url'] : address);
  return dataOf(block['data'] ?? block['image']);
}

const mimeTypeOf = (block: Record<string, unknown>): string | undefined => {
  const type = block['mimeType'] ?? block['mime_type'] ?? block['mediaType'];
  return typeof type === 'string' ? type : undefined;
};

/** An address of the web, or a data URL. */
export const urlOf = (value: unknown): BlockImage => {
  const url = String(value ?? '');
  return /^https?:/i.test(url) ? { url } : { data: url };
};

const dataOf = (value: unknown): BlockImage => (value instanceof Uint8Array ? { data: value } : urlOf(value));

/** What a tool returned, for the model: a text, the texts of a list of blocks, or any other value as JSON. */
export function toolResultText(result: unknown): string {
  const isText = (block: unknown) => isObject(block) && block['type'] === 'text';
  return Array.isArray(result) && result.every(isText)
    ? result.map((block) => asText(block['text'])).join('\n')
    : asText(result);
}
