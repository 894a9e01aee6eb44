import { expect, test } from 'vitest';
import { canonicalModel } from './model-name.ts';

test.each([
  ['Llama3.2', 'llama3.2:latest'],
  ['llama3.2:1B', 'llama3.2:1b'],
  ['registry.ollama.ai/library/llama3.2', 'llama3.2:latest'],
  ['https://registry.ollama.ai/library/llama3.2:1b', 'llama3.2:1b'],
  ['http://registry.ollama.ai/me/x', 'me/x:latest'],
  ['my.registry.ollama.ai/x', 'my.registry.ollama.ai/x:latest'],
  ['library/llama3.2', 'llama3.2:latest'],
  ['my/library/x', 'my/library/x:latest'],
  ['localhost:5000/x', 'localhost:5000/x:latest'],
  ['localhost:5000/x:1b', 'localhost:5000/x:1b'],
  [undefined, ':latest'],
])('%s is %s', (name, canonical) => {
  expect(canonicalModel(name)).toBe(canonical);
});
