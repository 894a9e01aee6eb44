import { startScripted } from '@ollama-toolbelt/ollama-server';
import { expect, test } from 'vitest';
import { call, connect, hello } from '../../fixtures/mcp/connect.ts';

const bodyOf = ({ lastRequest }: Awaited<ReturnType<typeof startScripted>>) => lastRequest.body;

test('values that a host writes as text, leaves empty or adds reach Ollama correctly', async () => {
  await using server = await startScripted();
  await using connection = await connect(server);
  const sent = {
    model: 'chat-model',
    messages: JSON.stringify(hello.messages),
    options: { temperature: '0', top_k: '1', num_ctx: null },
    keep_alive: '300',
    prompts: [],
    conversation: '',
    format: '',
    files: undefined,
    tools: [],
    images: [],
    think: 'false',
    toolCallId: 'call_1',
    sessionId: 's',
  };
  const { isError, text } = await call(connection, 'ollama_chat', sent);
  expect(isError, text).toBe(false);
  expect(bodyOf(server)).toEqual({
    ...hello,
    options: { temperature: 0, top_k: 1 },
    keep_alive: 300,
    think: false,
    stream: true,
  });
});

test('all arguments may be a single text', async () => {
  await using server = await startScripted();
  await using connection = await connect(server);
  const args = JSON.stringify({ model: 'embedding-model', input: '["a","b"]' });
  const { structuredContent } = (await connection.client.callTool({
    name: 'ollama_embed',
    arguments: args as unknown as Record<string, unknown>,
  })) as { structuredContent?: unknown };
  // The request validation of the SDK's client has accepted it.
  expect(structuredContent).toMatchObject({ count: 2 });
  expect(bodyOf(server)).toMatchObject({ input: ['a', 'b'] });
});

test('an empty prompt is ignored with prompts, and loads the model without them', async () => {
  await using server = await startScripted();
  await using connection = await connect(server);
  const many = await call(connection, 'ollama_generate', {
    model: 'chat-model',
    prompt: '',
    prompts: ['a'],
    suffix: '',
  });
  expect(many.isError, many.text).toBe(false);
  expect(bodyOf(server)).toMatchObject({ prompt: 'a' });
  expect(bodyOf(server)).not.toHaveProperty('suffix');
  await call(connection, 'ollama_generate', { model: 'chat-model', prompt: '', prompts: [] });
  expect(bodyOf(server)).toMatchObject({ prompt: '' });
});

test('an empty list of messages counts as omitted', async () => {
  await using server = await startScripted();
  await using connection = await connect(server);
  const { isError, text } = await call(connection, 'ollama_chat', { model: 'chat-model', messages: [], prompts: [] });
  expect({ isError, text }).toEqual({ isError: true, text: expect.stringContaining('messages: missing') });
  expect(server.requests).toEqual([]);
});

test('contents in parts become text, and quotes around a name are removed', async () => {
  await using server = await startScripted();
  await using connection = await connect(server);
  const text = (words: string) => ({ type: 'text', text: words });
  const sent = (content: unknown) => ({ model: '"chat-model"', messages: [{ role: 'user', content }] });
  for (const [content, meant] of [
    [[text('a'), text('b')], 'a\nb'],
    [text('a'), 'a'],
    ['"a"', '"a"'],
  ]) {
    const { isError, text: message } = await call(connection, 'ollama_chat', sent(content));
    expect(isError, message).toBe(false);
    expect(bodyOf(server)).toMatchObject({ model: 'chat-model', messages: [{ role: 'user', content: meant }] });
  }
  for (const content of [[text('a'), { type: 'image', data: 'x' }], [], {}, ['a']]) {
    const { isError, text: message } = await call(connection, 'ollama_chat', sent(content));
    expect({ isError, message }).toEqual({
      isError: true,
      message: expect.stringContaining('content: should be text'),
    });
  }
});
