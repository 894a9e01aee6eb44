import { GoTemplateError, parseTemplate } from '../llama/go-template.ts';
import type { CreateBody } from '../wire/bodies.ts';
import { WireError } from '../wire/wire-error.ts';

/** Digest of the file to create the model from; undefined if it is created from another model. */
export function uploadedFile({ from, files }: CreateBody): string | undefined {
  if (!from && files === undefined) throw new WireError(400, "neither 'from' or 'files' was specified");
  if (files === undefined) return undefined;
  for (const name of Object.keys(files)) if (!isRelative(name)) throw new WireError(400, 'file path must be relative');
  const [digest] = Object.values(files);
  if (digest === undefined) throw new WireError(400, 'no files provided to convert');
  if (!/^sha256[:-][0-9a-f]{64}$/.test(digest)) throw new WireError(400, 'invalid digest format');
  return digest.replace('-', ':');
}

const isRelative = (path: string) => !path.startsWith('/') && !path.split('/').includes('..');

/** Where the server keeps a blob. */
export const blobPath = (digest: string): string => `/root/.ollama/models/blobs/${digest.replace(':', '-')}`;

export const noSuchBlob = (digest: string): WireError =>
  new WireError(500, `open ${blobPath(digest)}: no such file or directory`);

const targets = ['F32', 'F16', 'Q4_K_S', 'Q4_K_M', 'Q8_0'];

/** The type as the server writes it. */
export function checkQuantization(wanted: string): string {
  const type = wanted.toUpperCase();
  if (targets.includes(type)) return type;
  throw new WireError(500, `unsupported quantization type ${type} - supported types are ${targets.join(', ')}`);
}

export function checkTemplate(template: string): void {
  try {
    parseTemplate(template);
  } catch (error) {
    if (error instanceof GoTemplateError) throw new WireError(400, `template error: ${error.message}`);
    throw error;
  }
}
