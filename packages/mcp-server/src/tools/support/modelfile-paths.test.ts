import { expect, test } from 'vitest';
import { Refusal } from '../refusal.ts';
import type { FileAccess } from '../tool-context.ts';
import { guardModelfile, guardName } from './modelfile-paths.ts';

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

test.each(files)('a path instead of a name is refused: %s', (path) => {
  expect(() => guardName(path)).toThrow(Refusal);
});
