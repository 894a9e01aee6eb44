import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type ContentType, contentType } from './content-type.ts';
import type { OpenFile } from './open-file.ts';

interface Weights {
  pattern: RegExp;
  type?: ContentType;
  /** Also matched one folder below. */
  nested?: true;
}

/** The kinds of weights that a folder may have; the first kind found counts. */
const weights: readonly Weights[] = [
  // Not every safetensors file looks binary by its first bytes.
  { pattern: /^model.*\.safetensors$/, nested: true },
  { pattern: /^consolidated.*\.safetensors$/ },
  { pattern: /^pytorch_model.*\.bin$/, type: 'application/zip' },
  { pattern: /^consolidated.*\.pth$/, type: 'application/zip' },
  { pattern: /\.gguf$/, type: 'application/octet-stream' },
  { pattern: /\.bin$/, type: 'application/octet-stream' },
];

/**
 * The files of a folder that make up a model, as Ollama picks them: the weights, the JSON files of the folder and its
 * subfolders, the chat template, the tokenizer.
 *
 * @throws Error with Ollama's message, without the name of the folder.
 */
export async function filesForModel(folder: string, openFile: OpenFile): Promise<string[]> {
  const top = await filesIn(folder);
  const below = await filesBelow(folder);
  return [
    ...(await pickWeights(top, below, openFile)),
    ...(await textOf(matching(top, /\.json$/), openFile)),
    ...(await textOf(matching(below, /\.json$/), openFile)),
    ...(await textOf(matching(top, /^chat_template\.jinja$/), openFile)),
    ...(await pickTokenizer(top, below, openFile)),
  ];
}

interface Found {
  name: string;
  path: string;
}

async function pickWeights(top: readonly Found[], below: readonly Found[], openFile: OpenFile): Promise<string[]> {
  for (const { pattern, type, nested } of weights) {
    const found = matching(top, pattern);
    if (found.length === 0 || !(await areAll(found, type, openFile))) continue;
    return nested ? [...found, ...matching(below, pattern)] : found;
  }
  throw new Error('no Modelfile or safetensors files found');
}

async function pickTokenizer(top: readonly Found[], below: readonly Found[], openFile: OpenFile): Promise<string[]> {
  const pattern = /^tokenizer\.model$/;
  const binary = matching(top, pattern);
  if (binary.length > 0 && (await areAll(binary, 'application/octet-stream', openFile))) return binary;
  const text = matching(below, pattern);
  return (await areAll(text, 'text/plain', openFile)) ? text : [];
}

async function textOf(paths: string[], openFile: OpenFile): Promise<string[]> {
  for (const path of paths) {
    const type = await contentType(path, openFile);
    if (type !== 'text/plain') throw new Error(`invalid content type: expected text/plain, found ${type} in ${path}`);
  }
  return paths;
}

async function areAll(paths: readonly string[], type: ContentType | undefined, openFile: OpenFile): Promise<boolean> {
  if (type === undefined) return true;
  for (const path of paths) if ((await contentType(path, openFile)) !== type) return false;
  return true;
}

const matching = (found: readonly Found[], pattern: RegExp) =>
  found.filter(({ name }) => pattern.test(name)).map(({ path }) => path);

async function filesIn(folder: string): Promise<Found[]> {
  return (await entries(folder)).filter(({ isFolder }) => !isFolder);
}

async function filesBelow(folder: string): Promise<Found[]> {
  const folders = (await entries(folder)).filter(({ isFolder }) => isFolder);
  // Folders that cannot be opened are skipped, as in Ollama.
  return (await Promise.all(folders.map(({ path }) => filesIn(path).catch(() => [])))).flat();
}

/** By name. Links are followed; broken ones, and anything that is neither a file nor a folder, are left out. */
async function entries(folder: string): Promise<(Found & { isFolder: boolean })[]> {
  const names = (await readdir(folder)).sort();
  const found = await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      const facts = await stat(path).catch(() => undefined);
      if (!facts?.isFile() && !facts?.isDirectory()) return [];
      return [{ name, path, isFolder: facts.isDirectory() }];
    }),
  );
  return found.flat();
}
