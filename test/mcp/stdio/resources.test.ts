import { startScripted } from '@ollama-toolbelt/ollama-server';
import { expect, test } from 'vitest';
import { call, connect, hello, nowhere } from '../../fixtures/mcp/connect.ts';
import { isModern } from '../../fixtures/mcp/modern-client.ts';

const jsonOf = ({ contents }: { contents: object[] }) =>
  JSON.parse((contents[0] as { text: string }).text) as Record<string, unknown>;

test('the installed models are resources', async () => {
  await using server = await startScripted();
  await using connection = await connect(server);
  const { client } = connection;
  expect(await client.listResources()).toMatchObject({
    resources: [{ uri: 'ollama://models', mimeType: 'application/json' }],
  });
  expect((await client.listResourceTemplates()).resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toEqual([
    'ollama://models/{name}',
    'ollama://conversations/{id}',
    'ollama://embeddings/{id}',
  ]);
  const list = await client.readResource({ uri: 'ollama://models' });
  expect(jsonOf(list)).toMatchObject({ models: [{ name: 'chat-model:latest', context: 8192 }, {}, {}] });
  for (const name of ['chat-model', 'chat-model:latest', 'chat-model%3Alatest']) {
    const shown = await client.readResource({ uri: `ollama://models/${name}` });
    expect(jsonOf(shown)).toMatchObject({ family: 'llama', context: 8192 });
    expect(jsonOf(shown)).not.toHaveProperty('license');
  }
});

test('entries kept for this client are listed too', async () => {
  await using server = await startScripted();
  await using connection = await connect(server);
  const chat = await call(connection, 'ollama_chat', { ...hello, conversation: 'new' });
  const embedded = await call(connection, 'ollama_embed', { model: 'embedding-model', input: 'x' });
  const { resources } = await connection.client.listResources();
  expect(resources.map(({ uri }) => uri)).toEqual([
    'ollama://models',
    `ollama://conversations/${String(chat.structured?.['conversation'])}`,
    String(embedded.structured?.['resource']),
  ]);
});

test('a missing resource gives a not found error', async () => {
  await using server = await startScripted();
  await using connection = await connect(server);
  for (const uri of ['ollama://models/', 'ollama://nothing', 'ollama://conversations/x', 'file:///etc/hostname']) {
    await expect(connection.client.readResource({ uri })).rejects.toMatchObject({
      code: isModern ? -32602 : -32002,
      message: expect.stringContaining(`Resource not found: ${uri}`),
    });
  }
  await expect(connection.client.readResource({ uri: 'ollama://models/chat-modle' })).rejects.toMatchObject({
    code: isModern ? -32602 : -32002,
    message: expect.stringContaining('Closest installed models: chat-model:latest'),
  });
});

test('if Ollama is down, resources give an error and completion is empty', async () => {
  await using connection = await connect({ host: nowhere });
  await expect(connection.client.readResource({ uri: 'ollama://models' })).rejects.toThrow('ECONNREFUSED');
  const { completion } = await connection.client.complete({
    ref: { type: 'ref/resource', uri: 'ollama://models/{name}' },
    argument: { name: 'name', value: '' },
  });
  expect(completion.values).toEqual([]);
});

test('model names are completed in templates and prompts', async () => {
  await using server = await startScripted();
  await using connection = await connect(server);
  const complete = async (
    ref: { type: 'ref/resource'; uri: string } | { type: 'ref/prompt'; name: string },
    name: string,
    value: string,
  ) => (await connection.client.complete({ ref, argument: { name, value } })).completion.values;
  const template = { type: 'ref/resource', uri: 'ollama://models/{name}' } as const;
  expect(await complete(template, 'name', '')).toHaveLength(3);
  expect(await complete(template, 'name', 'CHAT')).toEqual(['chat-model:latest']);
  expect(await complete(template, 'name', 'ing-model')).toEqual(['thinking-model:latest', 'embedding-model:latest']);
  for (const [prompt, argument] of [
    ['summarize_file', 'model'],
    ['compare_models', 'model_a'],
    ['compare_models', 'model_b'],
    ['extract_json', 'model'],
  ] as const) {
    expect(await complete({ type: 'ref/prompt', name: prompt }, argument, 'think')).toEqual(['thinking-model:latest']);
  }
  expect(await complete({ type: 'ref/prompt', name: 'summarize_file' }, 'file', '')).toEqual([]);
  expect(await complete({ type: 'ref/prompt', name: 'nothing' }, 'model', '')).toEqual([]);
  const chat = await call(connection, 'ollama_chat', { ...hello, conversation: 'new' });
  expect(await complete({ type: 'ref/resource', uri: 'ollama://conversations/{id}' }, 'id', '')).toEqual([
    chat.structured?.['conversation'],
  ]);
});

test('the prompts tell the host to use an Ollama model', async () => {
  await using connection = await connect({ host: nowhere, args: ['--allow-dir', import.meta.dirname] });
  const { client } = connection;
  expect((await client.listPrompts()).prompts).toMatchObject([
    { name: 'summarize_file', arguments: [{ name: 'file', required: true }, { name: 'model' }, { required: false }] },
    { name: 'compare_models', arguments: [{ name: 'model_a' }, { name: 'model_b' }, { name: 'question' }] },
    { name: 'extract_json', arguments: [{ name: 'fields' }, { name: 'source' }, { name: 'model' }] },
  ]);
  const textOf = async (name: string, args: Record<string, string>) => {
    const { messages } = await client.getPrompt({ name, arguments: args });
    return (messages[0]!.content as { text: string }).text;
  };
  const summary = await textOf('summarize_file', { file: 'a "b".txt', model: 'm', focus: 'dates' });
  for (const words of ['ollama_chat', '["a \\"b\\".txt"]', 'especially what it says about dates']) {
    expect(summary).toContain(words);
  }
  expect(await textOf('compare_models', { model_a: 'a', model_b: 'b', question: 'Why?' })).toContain('"Why?"');
  expect(await textOf('extract_json', { fields: 'name', source: 'Ada', model: 'm' })).toContain('JSON Schema');
  await expect(client.getPrompt({ name: 'summarize_file', arguments: { file: 'x' } })).rejects.toThrow('lacks model');
  await expect(client.getPrompt({ name: 'nothing' })).rejects.toThrow('There are: summarize_file, compare_models');
});

test('without an allowed folder the summary prompt is different', async () => {
  await using connection = await connect({ host: nowhere });
  const { messages } = await connection.client.getPrompt({
    name: 'summarize_file',
    arguments: { file: 'x.txt', model: 'm' },
  });
  expect(JSON.stringify(messages)).toContain('--allow-dir');
});
