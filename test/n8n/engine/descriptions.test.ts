/**
 * What the editor shows, and what workflows store: names, values and defaults of the parameters, and when each is shown.
 * The package is loaded in each test, since its descriptions are made once.
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { ICredentialType, INodeType } from 'n8n-workflow';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PackedPackage } from '../../fixtures/packed-package.ts';
import { packedNodes } from './packed-nodes.ts';

let packed: PackedPackage;
beforeAll(async () => {
  packed = await packedNodes();
  // Also loads n8n-workflow, which takes a second.
  loadAll();
});
afterAll(() => packed[Symbol.asyncDispose]());

interface Described {
  file: string;
  /** What n8n reads: of a node the description, of a credential all of it. */
  description: object;
  methods?: INodeType['methods'];
}

/** Creates the nodes and the credential as n8n does when it starts, of the class with the file's name. */
function loadAll(): Described[] {
  const required = createRequire(path.join(packed.directory, 'package.json'));
  for (const file of Object.keys(required.cache)) if (file.startsWith(packed.directory)) delete required.cache[file];
  const { nodes, credentials } = required('./package.json').n8n as Record<'nodes' | 'credentials', string[]>;
  return [...nodes, ...credentials].map((file) => {
    const [name] = path.basename(file).split('.');
    const made: INodeType | ICredentialType = new (required(`./${file}`)[name!])();
    return 'description' in made ? { file, ...made } : { file, description: made };
  });
}

/** Texts for people. Whether they are good only people can tell, so here they must only be there. */
const words = ['displayName', 'description', 'placeholder', 'action', 'outputNames'];

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** An entry of a list to choose from; its name is a text for people. */
const isChoice = (entry: Record<string, unknown>) => 'value' in entry && 'name' in entry;

const isWords = (entry: Record<string, unknown>, key: string) =>
  words.includes(key) || (key === 'name' && isChoice(entry));

/** One line for each parameter and choice, without its texts. */
function linesOf(entry: Record<string, unknown>, indent = ''): string[] {
  const own: Record<string, unknown> = {};
  const inner: string[] = [];
  for (const [key, value] of Object.entries(entry)) {
    if (isWords(entry, key)) continue;
    if (Array.isArray(value) && value.length > 0 && value.every(isObject) && key !== 'default') {
      const parts = value.map((part) => linesOf(part, `${indent}    `));
      // Choices are in the order of their texts.
      inner.push(`${indent}  ${key}:`, ...(value.every(isChoice) ? parts.toSorted() : parts).flat());
    } else own[key] = value;
  }
  return [`${indent}${JSON.stringify(own)}`, ...inner];
}

/** The texts for people, by their paths. */
function textsOf(entry: unknown, place: string): [place: string, text: unknown][] {
  if (Array.isArray(entry)) return entry.flatMap((part, index) => textsOf(part, `${place}[${index}]`));
  if (!isObject(entry)) return [];
  return Object.entries(entry).flatMap(([key, value]): [string, unknown][] =>
    isWords(entry, key) ? [[`${place}.${key}`, value]] : textsOf(value, `${place}.${key}`),
  );
}

// A name, a value or a default that changes breaks workflows that were saved before. After a change that does not, run
// this file with -u.
test('workflows that were saved before find their parameters, values and defaults', async () => {
  const lines = loadAll().flatMap(({ file, description }) => [file, ...linesOf({ ...description }, '  ')]);
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('__snapshots__/descriptions.txt');
});

test('no label and no other text is empty', () => {
  const texts = loadAll().flatMap(({ file, description }) => textsOf(description, file));
  expect(texts.length).toBeGreaterThan(500);
  expect(texts.filter(([, text]) => !/\w/.test(String(text)))).toEqual([]);
});

test('every method that a description names exists', () => {
  for (const { description, methods } of loadAll()) {
    const named = (key: string) => [...JSON.stringify(description).matchAll(RegExp(`"${key}":"(\\w+)"`, 'g'))];
    for (const [, name] of named('searchListMethod')) expect(methods?.listSearch).toHaveProperty(name!);
    for (const [, name] of named('testedBy')) expect(methods?.credentialTest).toHaveProperty(name!);
  }
});

// n8n's editor shows it until they are connected.
test('both sub-nodes say what they connect to, with a link to it', () => {
  const notices = loadAll().map(({ description }) => {
    const { properties } = description as INodeType['description'];
    return properties.find(({ type, typeOptions }) => type === 'notice' && typeOptions)?.displayName;
  });
  expect(notices.filter(Boolean)).toEqual([
    expect.stringMatching(
      / an AI agent or a chain\. <a .*'ai_agent'>Insert an AI agent<\/a> <a .*'ai_chain'>Insert a chain</,
    ),
    expect.stringMatching(/ a vector store\. <a .*'ai_vectorStore'>Insert a vector store</),
  ]);
});

test('every icon is in the package', () => {
  for (const { file, description } of loadAll()) {
    const { icon } = description as { icon: Record<'light' | 'dark', string> };
    for (const url of [icon.light, icon.dark])
      expect(existsSync(path.join(packed.directory, path.dirname(file), url.replace(/^file:/, ''))), url).toBe(true);
  }
});
