import { expect, test } from 'vitest';
import { refusalMessage, serverMessage, textMessage } from './server-message.ts';

const sizes = { tokens: 10008, contextLength: 512 };

test.each([
  ['the prompt is too long for it', 'request (10008 tokens) exceeds the available context size (512 tokens)', sizes],
  [
    "llama-server's fields say so, whatever its words are",
    JSON.stringify({ error: { message: 'too long', type: 'exceed', n_prompt_tokens: 10008, n_ctx: 512 } }),
    sizes,
  ],
  ['an option of the wrong kind', 'option "num_ctx" must be of type integer', { option: 'num_ctx' }],
  ['a model that cannot chat', '"all-minilm" does not support chat', { capability: 'chat' }],
  ['a model without tools', 'registry.ollama.ai/library/x:latest does not support tools', { capability: 'tools' }],
  ['a model that is too old to think', 'x does not support thinking. Pull the model again', { capability: 'thinking' }],
  [
    'a runner without embeddings',
    'This server does not support embeddings. Start it with',
    { capability: 'embeddings' },
  ],
  ['a problem with the request', 'raw mode does not support template, system, or context', {}],
  ['anything else', 'no such thing', {}],
])('%s', (_, error, details) => {
  expect(serverMessage({ error })?.details).toEqual(expect.objectContaining(details));
  expect(Object.values(serverMessage({ error })?.details ?? {}).filter(Boolean)).toHaveLength(
    Object.keys(details).length,
  );
});

test.each([
  'request (10008 tokens) exceeds the available context size (512 tokens), try increasing it',
  'the input length exceeds the context length',
  'input exceeds maximum context length and cannot be truncated further',
  'the prompt is longer than the context length currently available to the model',
  '{"error":{"code":400,"message":"too long","type":"exceed_context_size_error"}}',
])('a prompt that is too long, reported as %j', (error) => {
  expect(serverMessage({ error })?.code).toBe(error.startsWith('{') ? undefined : 'context_exceeded');
});

test.each([[{ error: null }], [{ error: '' }], [{}], ['error'], [null], [{ message: 'x' }]])(
  '%j holds no error',
  (value) => {
    expect(serverMessage(value)).toBeUndefined();
  },
);

test.each([
  [{ error: 'no' }, 'no', true],
  [{ error: { message: 'no' } }, 'no', false],
  [{ error: { code: 5 } }, '{"code":5}', false],
  [{ error: [{ message: 'a' }, 5, { message: 'b' }, { message: 'c' }] }, 'a; b', false],
  [{ error: '{"error":{"message":"inner"}}' }, 'inner', true],
  [{ error: '[not json' }, '[not json', true],
  [{ error: { error: 'Head', message: 'what' } }, 'Head: what', false],
  [{ error: { error: 'same', message: 'same' } }, 'same', false],
  [{ error: { error: 'x'.repeat(101), message: 'what' } }, 'what', false],
  [{ error: { error: 'x'.repeat(100), message: 'what' } }, `${'x'.repeat(100)}: what`, false],
])('the words of %j', (value, text, isOllamas) => {
  expect(serverMessage(value)).toMatchObject({ text, isOllamas });
});

test.each([
  [{ detail: [{ loc: ['body', 'model', 0], msg: 'field required' }] }, 'body.model.0: field required'],
  [{ detail: [{ loc: ['body', {}, null], msg: 'wrong' }] }, 'body: wrong'],
  [{ detail: [{ loc: [], msg: 'wrong' }] }, 'wrong'],
  [{ detail: [{ loc: Array.from({ length: 12 }, (_, at) => at), msg: 'x' }] }, '0.1.2.3.4.5.6.7.8.9: x'],
  [{ title: 'Not Found', detail: 'No such route' }, 'Not Found: No such route'],
  [{ title: 'Not Found' }, 'Not Found'],
  [{ message: ' ', error: 'no' }, 'no'],
])('the words of the refusal %j', (value, text) => {
  expect(refusalMessage(value)?.text).toBe(text);
});

test('an error has Ollama’s form if it has an error field and nothing else', () => {
  expect(refusalMessage({ error: 'no' })?.isOllamas).toBe(true);
  expect(refusalMessage({ error: 'no', code: 5 })?.isOllamas).toBe(false);
  expect(refusalMessage('no')?.isOllamas).toBe(false);
  expect(textMessage('no')).toMatchObject({ text: 'no', isOllamas: false });
});

test('tokens and context are reported only together', () => {
  const fields = (n_prompt_tokens: unknown, n_ctx: unknown) =>
    serverMessage({ error: { message: 'too long', n_prompt_tokens, n_ctx } })?.details;
  expect(fields(10, 5)).toEqual({ tokens: 10, contextLength: 5 });
  expect([fields(10, '5'), fields('10', 5)]).toEqual([{}, {}]);
});
