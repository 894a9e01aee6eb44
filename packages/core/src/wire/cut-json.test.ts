import { expect, test } from 'vitest';
import { isCutJson } from './cut-json.ts';

test('every beginning of an object is one that was cut off', () => {
  const text = JSON.stringify({ models: [{ name: 'a "b" \\', size: 1.5e9, none: null }, {}], done: true });
  for (let end = 0; end < text.length; end++) expect(isCutJson(text.slice(0, end)), text.slice(0, end)).toBe(true);
});

test.each(['{"a": oops}', '{"a":1}}', 'Ollama is running', '{"a":"}"}'])('%j is not', (text) => {
  expect(isCutJson(text)).toBe(false);
});
