import { expect, test } from 'vitest';
import { isModelPath, modelWithoutFiles } from './local-path.ts';

test.each([
  '',
  '.',
  '..',
  './model',
  '../model.gguf',
  '/models/a',
  '~/a',
  '~other/a',
  'C:\\models\\a',
  'c:/models/a',
  '\\\\host\\share',
  '.\\a',
  'model.gguf',
  'folder/Model.GGUF',
  'model-00001-of-00002.safetensors',
  'pytorch_model.bin',
])('%j is a path', (value) => {
  expect(isModelPath(value)).toBe(true);
});

test.each([
  'llama3.2',
  'llama3.2:1b',
  'library/llama3.2',
  'registry.example.com:5000/me/model:latest',
  'hf.co/bartowski/Llama-3.2-1B-Instruct-GGUF:Q4_K_M',
  // The tag of a model on Hugging Face may be the name of a file.
  'hf.co/bartowski/Llama-3.2-1B-Instruct-GGUF:Llama-3.2-1B-Instruct-Q4_K_M.gguf',
  '.hidden',
  'model.gguf.old',
])('%j is the name of a model', (value) => {
  expect(isModelPath(value)).toBe(false);
});

const none = { from: [], adapter: [], draft: [] };
const at = (value: string, line = 2) => ({ value, line });

test('without files, the last FROM is the model', () => {
  expect(modelWithoutFiles({ ...none, from: [at('a'), at('b')] })).toBe('b');
  expect(modelWithoutFiles(none)).toBeUndefined();
});

test.each([
  ['FROM', './model.gguf', { ...none, from: [at('a', 1), at('./model.gguf')] }],
  ['ADAPTER', 'lora', { ...none, adapter: [at('lora')] }],
  ['DRAFT', 'small', { ...none, draft: [at('small')] }],
])('without files, %s cannot name one', (command, path, references) => {
  expect(() => modelWithoutFiles(references)).toThrow(
    expect.objectContaining({
      code: 'bad_modelfile',
      message: expect.stringContaining(`${command} names a local file, ${path}`),
      command,
      path,
      line: 2,
      hint: expect.stringContaining('blobs.upload'),
    }),
  );
});
