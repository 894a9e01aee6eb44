import { expect, test } from 'vitest';
import { unwrappedArguments } from './wrapped-arguments.ts';

const shape = { model: {}, prompt: {} };
const inner = { model: 'm', prompt: 'Hi' };
const unwrapped = (args: unknown, of: object = shape) => unwrappedArguments(args, of as Record<string, unknown>);

test.each(['arguments', 'args', 'kwargs', 'input', 'tool_input', 'toolInput', 'params', 'parameters', '__arg1'])(
  'arguments in %s',
  (key) => {
    expect(unwrapped({ [key]: inner })).toEqual(inner);
    expect(unwrapped({ [key]: JSON.stringify(inner) })).toEqual(inner);
  },
);

test.each([
  ['the name of the tool', { name: 'ollama_generate', args: inner }],
  ['its type and id', { type: 'tool_use', id: '1', args: inner }],
  ['what a host adds', { args: inner, _meta: {}, sessionId: '1' }],
])('a wrapper may have %s next to it', (_, args) => {
  expect(unwrapped(args)).toEqual(inner);
});

test.each([
  ['nothing', undefined],
  ['null', null],
  ['an empty object', {}],
  ['only the name of a tool', { name: 'ollama_generate' }],
  ['not an object', 'text'],
  ['a list', [inner]],
  ['nothing wrapped', inner],
  ['a wrapper beside a field', { args: inner, prompt: 'x' }],
  ['two wrappers', { args: inner, input: inner }],
  ['a text in the wrapper', { args: 'Hi' }],
  ['a number in the wrapper', { args: 5 }],
  ['two objects in the wrapper', { args: [inner, inner] }],
])('%s is not changed', (_, args) => {
  expect(unwrapped(args)).toBe(args);
});

test('a field of that name is not a wrapper, unless its value can only be the arguments', () => {
  const withInput = { ...shape, input: {} };
  const texts = { input: { a: 'b' } };
  expect(unwrapped(texts, withInput)).toBe(texts);
  expect(unwrapped({ input: inner }, withInput)).toEqual(inner);
  const more = { input: { ...inner, other: 1 } };
  expect(unwrapped(more, withInput)).toBe(more);
  const without = { input: { prompt: 'Hi' } };
  expect(unwrapped(without, withInput)).toBe(without);
});
