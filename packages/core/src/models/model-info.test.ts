import { expect, test } from 'vitest';
import { modelNumber } from './model-info.ts';

const model_info = { 'general.architecture': 'llama', 'llama.context_length': 8192, 'llama.embedding_length': 4096 };

test('a number in details', () => {
  expect(modelNumber({ details: { context_length: 4096 }, model_info }, 'context_length')).toBe(4096);
});

test('a number in model_info, found by the architecture', () => {
  expect(modelNumber({ details: {}, model_info }, 'context_length')).toBe(8192);
  expect(modelNumber({ model_info }, 'embedding_length')).toBe(4096);
});

test('a missing number', () => {
  expect(modelNumber({}, 'context_length')).toBeUndefined();
  expect(modelNumber({ model_info: { 'llama.context_length': 'long' } }, 'context_length')).toBeUndefined();
});
