import { describe, expect, test } from 'vitest';
import { Refusal } from '../refusal.ts';
import type { FileAccess } from '../tool-context.ts';
import { guardModelfile, guardName, modelIn } from './modelfile-paths.ts';

const files = ['model.bin', 'model.gguf', 'Model.SafeTensors', './model', '../model', '/model', '~/model', 'C:\\model'];

test.each([
  ...files.map((path) => `FROM ${path}`),
  ...[...files, 'no-suffix'].flatMap((path) => [`FROM m\nADAPTER ${path}`, `FROM m\nDRAFT ${path}`]),
])('without an allowed folder %j is refused', async (modelfile) => {
  await expect(guardModelfile(modelfile, undefined)).rejects.toThrow(Refusal);
});

test('every file in a Modelfile must be in an allowed folder', async () => {
  const asked: string[] = [];
  const resolve = async (path: string) => {
    asked.push(path);
    return `/allowed/${path}`;
  };
  const text = 'FROM model.bin\nADAPTER lora\nDRAFT small';
  const { modelfile, from } = await guardModelfile(text, { resolve } as unknown as FileAccess);
  expect(asked).toEqual(['model.bin', 'lora', 'small']);
  expect(modelfile).toBe('FROM /allowed/model.bin\nADAPTER /allowed/lora\nDRAFT /allowed/small\n');
  expect(from).toBeUndefined();
});

test.each(['chat-model', 'hf.co/b/c-GGUF:Q4_K_M', 'package.json'])('FROM %s is a model', async (model) => {
  expect(await guardModelfile(`FROM ${model}`, undefined)).toMatchObject({ from: model });
  expect(() => guardName(model)).not.toThrow();
});

test('the name of a model may not look like a sentence or a URL', async () => {
  const refused = (name: string) => guardModelfile(`FROM ${name}`, undefined);
  await expect(refused('m? Yes')).rejects.toThrow('FROM: a model name may not contain white space');
  await expect(refused('https://m')).rejects.toThrow('FROM: a model name may not contain "://"');
});

test.each(files)('a path instead of a name is refused: %s', (path) => {
  expect(() => guardName(path)).toThrow(Refusal);
});

test('a refusal says which line names a file, and what to do', async () => {
  await expect(guardModelfile('FROM m\nADAPTER lora', undefined)).rejects.toMatchObject({
    message: 'ADAPTER names a file, lora, and no folder is allowed.',
    hint: expect.stringContaining('--allow-dir'),
  });
  expect(() => guardName('./model')).toThrow(
    expect.objectContaining({ message: 'from names a file, ./model.', hint: expect.stringContaining('"FROM path"') }),
  );
});

describe('with an allowed folder', () => {
  const access = { resolve: async (path: string) => `/allowed/${path}` } as unknown as FileAccess;

  test('a model may have an adapter from a file', async () => {
    expect(await guardModelfile('FROM m\nADAPTER lora\nSYSTEM ./text', access)).toEqual({
      modelfile: 'FROM m\nADAPTER /allowed/lora\nSYSTEM ./text\n',
      from: 'm',
    });
  });

  test.each(['FROM m\nFROM model.bin', 'FROM model.bin\nFROM m'])('%j names both a model and a file', async (text) => {
    await expect(guardModelfile(text, access)).rejects.toThrow('FROM names both a model and a file.');
  });

  test('a model made from files has no base model', async () => {
    expect(await guardModelfile('FROM model.bin', access)).toStrictEqual({ modelfile: 'FROM /allowed/model.bin\n' });
  });
});

test.each([
  ['SYSTEM x\nFROM m\nFROM other', 'm'],
  ['FROM model.bin', undefined],
  ['SYSTEM x', undefined],
  ['no such line', undefined],
  [undefined, undefined],
])('the base model of %j is %s', (text, model) => {
  expect(modelIn(text)).toBe(model);
});
