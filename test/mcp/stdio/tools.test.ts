import { replyJson, startScripted } from '@ollama-toolbelt/ollama-server';
import { expect, test } from 'vitest';
import { call, connect, hello } from '../../fixtures/mcp/connect.ts';

/** The first bytes of an image, which is all that a scripted model reads. */
const PNG = 'iVBORw0KGgoAAAANSUhEUg==';
const schema = { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] };

test('chat returns the answer as text and as structure', async () => {
  await using server = await startScripted();
  await using connection = await connect(server);
  // After this, the client validates each structured result against the tool's schema.
  await connection.client.listTools();
  server.chat({ text: ['Hel', 'lo'], counts: { prompt: 7, answer: 2 } });
  const { text, structured, isError } = await call(connection, 'ollama_chat', hello);
  expect(isError).toBe(false);
  expect(structured).toMatchObject({ model: 'chat-model', text: 'Hello', done_reason: 'stop' });
  expect(structured?.['usage']).toMatchObject({ prompt_tokens: 7, answer_tokens: 2 });
  expect(text).toMatch(/^Hello\n\[chat-model, stop, prompt_tokens 7, answer_tokens 2/);
  expect(server.lastRequest.body).toMatchObject({ ...hello, stream: true });
});

test('chat passes on every argument unchanged', async () => {
  await using server = await startScripted();
  await using connection = await connect(server);
  const args = {
    model: 'thinking-model',
    messages: [
      { role: 'system', content: 'Be short.' },
      { role: 'user', content: 'Look', images: [PNG] },
      {
        role: 'assistant',
        content: '',
        thinking: 'Hm',
        tool_calls: [{ id: 'c1', function: { name: 'f', arguments: { a: 1 } } }],
      },
      { role: 'tool', content: '3', tool_name: 'f', tool_call_id: 'c1' },
    ],
    tools: [{ type: 'function', function: { name: 'f', description: 'F', parameters: { type: 'object' } } }],
    format: schema,
    think: 'low',
    keep_alive: '3m',
    options: { temperature: 0, num_ctx: 2048, mirostat: 1 },
  };
  server.chat({ text: '{"name":"x"}' });
  await call(connection, 'ollama_chat', args);
  expect(server.lastRequest.body).toEqual({ ...args, stream: true });
});

test('with a format, the parsed value is returned', async () => {
  await using server = await startScripted();
  await using connection = await connect(server);
  server.chat({ text: ['{"name":', '"Ada"}'] });
  const { structured } = await call(connection, 'ollama_chat', { ...hello, format: schema });
  expect(structured).toMatchObject({ parsed: { name: 'Ada' }, text: '{"name":"Ada"}' });
  server.generate({ text: '[1, 2]' });
  const second = await call(connection, 'ollama_generate', { model: 'chat-model', prompt: 'x', format: 'json' });
  expect(second.structured).toMatchObject({ parsed: [1, 2] });
});

test('thinking and tool calls are in both forms', async () => {
  await using server = await startScripted();
  await using connection = await connect(server);
  server.chat({
    thinking: ['Let me', ' see'],
    text: [],
    toolCalls: [{ id: 'c1', name: 'weather', arguments: { city: 'Ulm' } }],
  });
  const { text, structured } = await call(connection, 'ollama_chat', {
    ...hello,
    model: 'thinking-model',
    think: true,
  });
  expect(structured).toMatchObject({
    text: '',
    thinking: 'Let me see',
    tool_calls: [{ function: { name: 'weather', arguments: { city: 'Ulm' } } }],
  });
  expect(text).toContain('"city":"Ulm"');
  expect(text).toContain('Let me see');
});

test('an answer that reached its maximum length says so', async () => {
  await using server = await startScripted();
  await using connection = await connect(server);
  server.chat({ text: ['Once', ' upon'], doneReason: 'length' });
  const { text, structured } = await call(connection, 'ollama_chat', hello);
  expect(structured).toMatchObject({ text: 'Once upon', done_reason: 'length', partial: true });
  expect(text).toContain('incomplete');
});

test('generate passes on its arguments and returns the answer', async () => {
  await using server = await startScripted();
  await using connection = await connect(server);
  const args = { model: 'chat-model', prompt: 'Once', system: 'Be short', options: { num_predict: 5 }, keep_alive: 0 };
  server.generate({ text: [' upon', ' a time'] });
  const { structured } = await call(connection, 'ollama_generate', args);
  expect(structured).toMatchObject({ text: ' upon a time', done_reason: 'stop' });
  expect(server.lastRequest.body).toEqual({ ...args, stream: true });
});

test('embed only returns vectors on request', async () => {
  await using server = await startScripted();
  await using connection = await connect(server);
  await connection.client.listTools();
  const args = { model: 'embedding-model', input: ['one', 'two'] };
  const without = await call(connection, 'ollama_embed', args);
  expect(without.structured).toMatchObject({ model: 'embedding-model', count: 2, dimensions: 8 });
  expect(without.structured).not.toHaveProperty('embeddings');
  const vectors = [
    [0.6, 0.8],
    [1, 0],
  ];
  server.embed(vectors);
  const withVectors = await call(connection, 'ollama_embed', { ...args, include_vectors: true });
  expect(withVectors.structured).toMatchObject({ count: 2, dimensions: 2, embeddings: vectors });
  expect(JSON.parse(withVectors.text)).toEqual(withVectors.structured);
  expect(server.lastRequest.body).not.toHaveProperty('include_vectors');
});

test('embed returns only as many vectors as fit a context, and says how many are missing', async () => {
  await using server = await startScripted();
  await using connection = await connect(server);
  server.embed(Array.from({ length: 10 }, () => Array.from({ length: 384 }, () => 0.25)));
  const { structured } = await call(connection, 'ollama_embed', {
    model: 'embedding-model',
    input: Array.from({ length: 10 }, (_, index) => `text ${index}`),
    include_vectors: true,
  });
  expect(structured).toMatchObject({ count: 10, embeddings_left_off: 6 });
  expect(structured?.['embeddings']).toHaveLength(4);
});

test('list shows the models and which of them is loaded', async () => {
  await using server = await startScripted();
  await using connection = await connect(server);
  await connection.client.listTools();
  await call(connection, 'ollama_chat', hello);
  const { text, structured } = await call(connection, 'ollama_list_models');
  expect(structured?.['models']).toEqual([
    expect.objectContaining({
      name: 'chat-model:latest',
      size: '2.0 GB',
      params: '3.2B',
      quantization: 'Q4_K_M',
      context: 8192,
      capabilities: ['completion', 'tools'],
      loaded: true,
    }),
    expect.objectContaining({ name: 'thinking-model:latest', loaded: false }),
    expect.objectContaining({ name: 'embedding-model:latest', size: '270 MB', loaded: false }),
  ]);
  expect(text.split('\n')[0]).toBe('chat-model:latest, 2.0 GB, 3.2B, Q4_K_M, context 8192, completion tools, loaded');
});

test('list requests details that older servers leave out of their list', async () => {
  await using server = await startScripted();
  await using connection = await connect(server);
  server.tags(replyJson({ models: [{ name: 'chat-model:latest', model: 'chat-model:latest', size: 5, digest: 'd' }] }));
  const { structured } = await call(connection, 'ollama_list_models');
  expect(structured?.['models']).toMatchObject([{ context: 8192, capabilities: ['completion', 'tools'] }]);
});

test('show only returns large fields on request', async () => {
  await using server = await startScripted();
  await using connection = await connect(server);
  await connection.client.listTools();
  const { structured } = await call(connection, 'ollama_show_model', { model: 'chat-model' });
  expect(structured).toMatchObject({
    model: 'chat-model',
    family: 'llama',
    params: '3.2B',
    context: 8192,
    embedding_length: 8,
    capabilities: ['completion', 'tools'],
  });
  for (const key of ['license', 'template', 'modelfile', 'tensors', 'model_info']) {
    expect(structured).not.toHaveProperty(key);
  }
  const verbose = await call(connection, 'ollama_show_model', { model: 'chat-model', verbose: true });
  expect(verbose.structured).toMatchObject({ license: 'MIT', template: '{{ .Prompt }}' });
  expect(verbose.structured?.['tensors']).toEqual(['token_embd.weight F16 8x1024']);
});

test('status returns address, version, disk use and loaded models', async () => {
  await using server = await startScripted();
  await using connection = await connect(server);
  await connection.client.listTools();
  await call(connection, 'ollama_chat', hello);
  const { text, structured, isError } = await call(connection, 'ollama_status');
  expect(isError).toBe(false);
  expect(structured).toMatchObject({ url: server.host, reachable: true, models: 3, disk: '7.3 GB' });
  expect(structured?.['loaded']).toMatchObject([{ name: 'chat-model:latest', memory: '2.5 GB', gpu: '80 %' }]);
  expect(text).toContain(`at ${server.host} is reachable`);
});

test('configured default models make the argument optional', async () => {
  await using server = await startScripted();
  await using connection = await connect({
    host: server.host,
    args: ['--model', 'thinking-model', '--embed-model=embedding-model'],
  });
  const { tools } = await connection.client.listTools();
  const required = Object.fromEntries(tools.map(({ name, inputSchema }) => [name, inputSchema.required ?? []]));
  expect(required).toMatchObject({ ollama_chat: [], ollama_embed: ['input'], ollama_generate: [] });
  await call(connection, 'ollama_chat', { messages: hello.messages });
  expect(server.lastRequest.body).toMatchObject({ model: 'thinking-model' });
  await call(connection, 'ollama_embed', { input: 'x' });
  expect(server.lastRequest.body).toMatchObject({ model: 'embedding-model' });
});

test('the notices report what the server does not say', async () => {
  await using server = await startScripted();
  await using connection = await connect(server);
  await connection.client.listTools();
  const { text, structured } = await call(connection, 'ollama_chat', { ...hello, options: { temprature: 1 } });
  expect(structured?.['notices']).toMatchObject([{ code: 'option_ignored' }]);
  expect(text).toMatch(/\nNotice: .*temprature/);
});
