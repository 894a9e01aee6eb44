import { faults, scriptedModel, startScripted } from '@ollama-toolbelt/ollama-server';
import { expect, test } from 'vitest';
import { call, connect, hello, nowhere } from '../../fixtures/mcp/connect.ts';

const lines = (text: string) => text.trim().split('\n');

test.each([
  ['ollama_chat', hello],
  ['ollama_generate', { model: 'm', prompt: 'p' }],
  ['ollama_embed', { model: 'm', input: 'p' }],
  ['ollama_list_models', {}],
  ['ollama_show_model', { model: 'm' }],
])('with Ollama down, %s names the address, the cause and what to do', async (tool, args) => {
  await using connection = await connect({ host: nowhere });
  const { text, isError, structured } = await call(connection, tool, args);
  expect(isError).toBe(true);
  expect(structured).toBeUndefined();
  expect(lines(text)).toHaveLength(2);
  expect(text).toContain(nowhere);
  expect(text).toContain('ECONNREFUSED');
  expect(text).toContain('ollama serve');
});

test('with Ollama down, status says so in both forms', async () => {
  await using connection = await connect({ host: nowhere });
  await connection.client.listTools();
  const { text, isError, structured } = await call(connection, 'ollama_status');
  expect(isError).toBe(true);
  expect(structured).toMatchObject({ url: nowhere, reachable: false });
  expect(structured?.['problem']).toContain('ECONNREFUSED');
  expect(text).toMatch(/^Ollama cannot be reached at http:\/\/127\.0\.0\.1:9: /);
});

test('the error for a missing model lists the closest installed names', async () => {
  await using server = await startScripted({
    models: ['llama3.2:1b', 'llama3.2:3b', 'qwen3:0.6b', 'nomic-embed-text'].map((name) => scriptedModel({ name })),
  });
  await using connection = await connect(server);
  const { text, isError } = await call(connection, 'ollama_chat', { ...hello, model: 'lama3.2' });
  expect(isError).toBe(true);
  expect(lines(text)).toHaveLength(2);
  expect(lines(text)[0]).toContain("model 'lama3.2' not found");
  expect(lines(text)[1]).toBe(
    'Closest installed models: llama3.2:1b, llama3.2:3b. To install this one: ollama pull lama3.2',
  );
  // The core requested them itself.
  expect(server.requestsTo('/api/tags')).toHaveLength(1);
  const other = await call(connection, 'ollama_show_model', { model: 'zzz' });
  expect(other.text).toContain('Installed models (4 of 4): llama3.2:1b');
});

test('the error for a missing model says if none is installed', async () => {
  await using server = await startScripted({ models: [] });
  await using connection = await connect(server);
  const { text } = await call(connection, 'ollama_chat', hello);
  expect(text).toContain('No models are installed. To install this one: ollama pull chat-model');
});

test('the error says if a web page answers instead of Ollama', async () => {
  await using server = await startScripted();
  await using connection = await connect(server);
  server.always.on('*', faults.htmlOk());
  const { text, isError } = await call(connection, 'ollama_chat', hello);
  expect(isError).toBe(true);
  expect(text).toContain('Something other than Ollama responds there');
  expect(text).not.toContain('<html');
  const status = await call(connection, 'ollama_status');
  expect(status).toMatchObject({ isError: true, structured: { reachable: false } });
});

test('each bad argument gets one plain line, without its value', async () => {
  await using server = await startScripted();
  await using connection = await connect(server);
  const { text, isError } = await call(connection, 'ollama_chat', {
    model: 7,
    messages: [{ role: 'robot', content: ['secret words'] }],
    format: 3,
    options: { num_ctx: 'secret' },
    temperature: 1,
    modle: 'x',
    toolCallId: 'call_1',
  });
  expect(isError).toBe(true);
  expect(lines(text)).toEqual([
    'Bad arguments for ollama_chat:',
    'model: should be text',
    'messages[0].role: should be "system" or "user" or "assistant" or "tool"',
    'messages[0].content: should be text',
    'format: should be "json" or an object',
    'options.num_ctx: should be a number',
    'temperature: unknown, belongs in options',
    'modle: unknown, did you mean model?',
  ]);
  const missing = await call(connection, 'ollama_generate');
  expect(lines(missing.text).slice(1)).toEqual(['model: missing (text)']);
  for (const [tool, field] of [
    ['ollama_chat', 'messages: missing (a list)'],
    ['ollama_generate', 'prompt: missing (text)'],
  ] as const) {
    const empty = await call(connection, tool, { model: 'm' });
    expect(empty).toMatchObject({ isError: true, text: `Bad arguments for ${tool}:\n${field}` });
  }
  expect(server.requests).toEqual([]);
});

test('very many mistakes give few lines', async () => {
  await using connection = await connect({ host: nowhere });
  const candidates = Array.from({ length: 20_000 }, () => 1);
  const wrong = await call(connection, 'ollama_rank', { model: 'm', query: 'q', candidates });
  expect(wrong.isError).toBe(true);
  expect(lines(wrong.text)).toHaveLength(22);
  expect(lines(wrong.text).at(-1)).toBe('and more: 20000 mistakes in all');
  const unknown = Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`${'k'.repeat(200)}${index}`, 1]));
  const { text } = await call(connection, 'ollama_chat', { ...hello, ...unknown });
  expect(text).toContain('and more: 20000 mistakes in all');
  expect(text.length).toBeLessThan(5000);
});

test('a tool without arguments says that it accepts none', async () => {
  await using connection = await connect({ host: nowhere });
  const { isError, text } = await call(connection, 'ollama_list_models', { filter: 'x' });
  expect({ isError, text }).toEqual({
    isError: true,
    text: 'Bad arguments for ollama_list_models:\nfilter: unknown, this tool takes no arguments',
  });
});

test('arguments that are not an object are a bad argument too', async () => {
  await using connection = await connect({ host: nowhere });
  const result = await connection.client
    .callTool({ name: 'ollama_chat', arguments: 'text' as unknown as Record<string, unknown> })
    .then(({ content }) => JSON.stringify(content));
  expect(result).toContain('should be an object');
  expect(result).not.toContain('invalid_type');
});

test('an unknown tool is a protocol error', async () => {
  await using connection = await connect({ host: nowhere });
  await expect(connection.client.callTool({ name: 'ollama_chatt', arguments: {} })).rejects.toMatchObject({
    code: -32602,
    message: expect.stringContaining('Unknown tool: ollama_chatt. Did you mean ollama_chat?'),
  });
});

test('an interrupted answer gives an error with the text so far', async () => {
  await using server = await startScripted();
  await using connection = await connect(server);
  for (const [tool, args] of [
    ['ollama_chat', hello],
    ['ollama_generate', { model: 'chat-model', prompt: 'x' }],
  ] as const) {
    server.on(`POST /api/${tool.slice(7)}`, faults.cutWithoutDone());
    const { text, isError, structured } = await call(connection, tool, args);
    expect(isError).toBe(true);
    expect(structured).toBeUndefined();
    expect(text).toContain('ended before it was complete');
    expect(text).toContain('Incomplete answer, 5 characters:\nHello');
  }
});

test("an error in the middle of an answer keeps the server's message", async () => {
  await using server = await startScripted();
  await using connection = await connect(server);
  server.chat(faults.errorLine('llama runner crashed'));
  const { text, isError } = await call(connection, 'ollama_chat', hello);
  expect(isError).toBe(true);
  expect(text).toContain('llama runner crashed');
});

test('an answer that is not the requested JSON gives an error with the answer', async () => {
  await using server = await startScripted();
  await using connection = await connect(server);
  server.chat({ text: ['{"name":', '"Ad'], doneReason: 'length' });
  const { text, isError } = await call(connection, 'ollama_chat', { ...hello, format: 'json' });
  expect(isError).toBe(true);
  expect(text).toContain('reached its maximum length');
  expect(text).toContain('{"name":"Ad');
});

test('no error contains a prompt or the key', async () => {
  await using server = await startScripted();
  await using connection = await connect({ host: server.host.replace('://', '://user:pass-word@') });
  server.always.on('*', faults.serverError());
  const { text } = await call(connection, 'ollama_chat', {
    model: 'chat-model',
    messages: [{ role: 'user', content: 'secret words' }],
  });
  expect(text).not.toMatch(/secret words|pass-word/);
  expect(connection.stderr()).toBe('');
});
