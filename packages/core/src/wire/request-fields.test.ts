import { expect, test } from 'vitest';
import { misplacedFields } from './request-fields.ts';

const messages: never[] = [];

test.each([
  [{ messages, temperature: 0 }, 'temperature', 'options.temperature'],
  [{ prompt: 'x', num_ctx: 5 }, 'num_ctx', 'options.num_ctx'],
  [{ messages, numCtx: 5 }, 'numCtx', 'options.num_ctx'],
  [{ messages, keepAlive: 5 }, 'keepAlive', 'keep_alive'],
  [{ messages, 'keep-alive': 5 }, 'keep-alive', 'keep_alive'],
  [{ messages, max_tokens: 5 }, 'max_tokens', 'options.num_predict'],
  [{ messages, maxTokens: 5 }, 'maxTokens', 'options.num_predict'],
  [{ messages, response_format: {} }, 'response_format', 'format'],
  [{ messages, optoins: {} }, 'optoins', 'options'],
  [{ prompt: 'x', sytem: 'x' }, 'sytem', 'system'],
  [{ prompt: 'x', formt: 'json' }, 'formt', 'format'],
])('%j: %s was to be %s', (request, field, meant) => {
  expect(misplacedFields({ model: 'm', ...request })).toEqual([{ field, meant }]);
});

test.each([
  { messages, tools: [], think: true, keep_alive: 5, options: {}, logprobs: true },
  { prompt: 'x', system: 'y', raw: true, images: [], context: [], suffix: 'z' },
  { messages, tool_choice: 'auto', of_a_newer_server: 1 },
  { messages, temperature: undefined, num_ctx: null },
  { messages, ['x'.repeat(5000)]: 1 },
])('nothing is said of %j', (request) => {
  expect(misplacedFields({ model: 'm', ...request })).toEqual([]);
});

test('only a few of many are reported', () => {
  const request = Object.fromEntries(
    Array.from({ length: 5000 }, (_, index) => [`MaxTokens${'_'.repeat(index % 3)}`, 1]),
  );
  const slips = Object.fromEntries(Array.from('abcdefghijklmnop', (letter) => [`option${letter}`, 1]));
  expect(misplacedFields({ ...request, ...slips })).toHaveLength(10);
});
