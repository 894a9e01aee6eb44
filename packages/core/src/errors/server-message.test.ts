import { expect, test } from 'vitest';
import { serverMessage } from './server-message.ts';

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
  ['what is about the request', 'raw mode does not support template, system, or context', {}],
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
])('too long a prompt, in the words %j', (error) => {
  expect(serverMessage({ error })?.code).toBe(error.startsWith('{') ? undefined : 'context_exceeded');
});
