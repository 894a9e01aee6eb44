import { faults, gate, scriptedModel, startScripted } from '@ollama-toolbelt/ollama-server';
import { expect, test } from 'vitest';
import { folderWith } from '../../fixtures/mcp/allowed-folder.ts';
import { call, connect } from '../../fixtures/mcp/connect.ts';

const say = (content: string) => ({ messages: [{ role: 'user', content }] });
const model = 'chat-model';

test('the server keeps a conversation, which continues by its id', async () => {
  await using server = await startScripted();
  await using connection = await connect(server);
  await connection.client.listTools();
  server.chat({ text: 'Hello Ada' });
  const first = await call(connection, 'ollama_chat', {
    model,
    messages: [
      { role: 'system', content: 'Be short.' },
      { role: 'user', content: 'I am Ada.' },
    ],
    conversation: 'new',
  });
  const conversation = String(first.structured?.['conversation']);
  expect(conversation).toMatch(/^[0-9a-f-]{36}$/);
  expect(first.text).toContain(conversation);
  server.chat({ text: 'Ada' });
  const second = await call(connection, 'ollama_chat', { model, ...say('Who am I?'), conversation });
  expect(second.structured).toMatchObject({ text: 'Ada', conversation });
  expect(server.lastRequest.body).toMatchObject({
    model,
    messages: [
      { role: 'system', content: 'Be short.' },
      { role: 'user', content: 'I am Ada.' },
      { role: 'assistant', content: 'Hello Ada' },
      { role: 'user', content: 'Who am I?' },
    ],
  });
  const { contents } = await connection.client.readResource({ uri: `ollama://conversations/${conversation}` });
  const { messages } = JSON.parse((contents[0] as { text: string }).text) as { messages: object[] };
  expect(messages).toHaveLength(5);
  expect(messages.at(-1)).toMatchObject({ role: 'assistant', content: 'Ada' });
});

test('reset deletes everything except the system prompt, with or without a new message', async () => {
  await using server = await startScripted();
  await using connection = await connect(server);
  const first = await call(connection, 'ollama_chat', {
    model,
    messages: [
      { role: 'system', content: 'Be short.' },
      { role: 'user', content: 'One' },
    ],
    conversation: 'new',
  });
  const conversation = first.structured?.['conversation'];
  await call(connection, 'ollama_chat', { model, ...say('Two'), conversation, reset: true });
  expect(server.lastRequest.body).toMatchObject({
    messages: [
      { role: 'system', content: 'Be short.' },
      { role: 'user', content: 'Two' },
    ],
  });
  const count = server.requests.length;
  const empty = await call(connection, 'ollama_chat', { model, conversation, reset: true });
  expect(empty).toMatchObject({ isError: false, structured: { conversation, text: '' } });
  expect(server.requests).toHaveLength(count);
  const { contents } = await connection.client.readResource({ uri: `ollama://conversations/${conversation}` });
  expect(JSON.parse((contents[0] as { text: string }).text)).toEqual({
    messages: [{ role: 'system', content: 'Be short.' }],
  });
});

test('a turn that fails or is cancelled does not change the history', async () => {
  await using server = await startScripted();
  await using connection = await connect(server);
  const { structured } = await call(connection, 'ollama_chat', { model, ...say('One'), conversation: 'new' });
  const conversation = structured?.['conversation'];
  server.chat(faults.errorLine('crashed'));
  expect((await call(connection, 'ollama_chat', { model, ...say('Two'), conversation })).isError).toBe(true);
  const stall = gate();
  server.chat({ text: ['Half', stall] });
  const controller = new AbortController();
  const cancelled = call(
    connection,
    'ollama_chat',
    { model, ...say('Three'), conversation },
    { signal: controller.signal },
  );
  const failed = expect(cancelled).rejects.toThrow();
  await stall.reached;
  controller.abort();
  await failed;
  await expect(server.lastRequest.closed).resolves.toBe('aborted');
  await call(connection, 'ollama_chat', { model, ...say('Four'), conversation });
  expect(server.lastRequest.body).toMatchObject({
    messages: [
      { role: 'user', content: 'One' },
      { role: 'assistant', content: 'Hello from the scripted engine.' },
      { role: 'user', content: 'Four' },
    ],
  });
});

test('a turn over its time budget continues as a job of the same conversation', async () => {
  await using server = await startScripted();
  await using connection = await connect(server);
  const stall = gate();
  server.chat({ text: ['Once', stall, ' upon'] });
  const turn = { model, ...say('Tell'), conversation: 'new', _wait_ms: 1 };
  const { structured } = await call(connection, 'ollama_chat', turn);
  expect(structured).toMatchObject({ partial: true, conversation: expect.any(String) });
  const job = structured?.['job'];
  const soFar = async () => (await call(connection, 'ollama_job', { job, action: 'read' })).structured;
  await expect.poll(soFar).toMatchObject({ text: 'Once', partial: true, conversation: structured?.['conversation'] });
  stall.release();
  const whole = await call(connection, 'ollama_job', { job, action: 'wait' });
  expect(whole.structured).toMatchObject({ text: 'Once upon', conversation: structured?.['conversation'] });
});

test('tools and a format may differ from turn to turn', async () => {
  await using server = await startScripted();
  await using connection = await connect(server);
  const tool = { type: 'function', function: { name: 'weather', parameters: { type: 'object' } } };
  server.chat({ text: [], toolCalls: [{ id: 'c1', name: 'weather', arguments: { city: 'Ulm' } }] });
  const first = await call(connection, 'ollama_chat', { model, ...say('One'), conversation: 'new', tools: [tool] });
  expect(first.structured).toMatchObject({ tool_calls: [{ function: { name: 'weather' } }] });
  const conversation = first.structured?.['conversation'];
  server.chat({ text: '{"sky":"blue"}' });
  const second = await call(connection, 'ollama_chat', {
    model,
    messages: [{ role: 'tool', content: 'sunny', tool_name: 'weather', tool_call_id: 'c1' }],
    conversation,
    format: 'json',
    tools: [{ ...tool, function: { ...tool.function, name: 'other' } }],
  });
  expect(second.structured).toMatchObject({ parsed: { sky: 'blue' } });
  expect(server.lastRequest.body).toMatchObject({
    format: 'json',
    tools: [{ function: { name: 'other' } }],
    messages: [{ content: 'One' }, { role: 'assistant' }, { role: 'tool', content: 'sunny' }],
  });
});

test('a file in a conversation is not cut either, and the next turn keeps its context', async () => {
  using folder = await folderWith({ 'long.txt': 'word '.repeat(2000) });
  await using server = await startScripted({ models: [scriptedModel({ name: model, contextLength: 32_768 })] });
  await using connection = await connect({ host: server.host, args: ['--allow-dir', folder.path] });
  server.always.chat(({ body }) => {
    const { num_ctx } = (body['options'] ?? {}) as { num_ctx?: number };
    return num_ctx === undefined ? faults.nestedError() : undefined;
  });
  const { structured } = await call(connection, 'ollama_chat', {
    model,
    ...say('Sum up.'),
    files: ['long.txt'],
    conversation: 'new',
  });
  expect(structured).toMatchObject({ notices: [{ code: 'context_raised' }] });
  const sent = server.requestsTo('/api/chat').map(({ body }) => body);
  expect(sent[0]).toMatchObject({ truncate: false });
  expect(sent.at(-1)).toMatchObject({ truncate: false, options: { num_ctx: 12_288 } });
  await call(connection, 'ollama_chat', { model, ...say('More?'), conversation: structured?.['conversation'] });
  expect(server.lastRequest.body).toMatchObject({ options: { num_ctx: 12_288 } });
});

test('the error for an unknown conversation lists the existing ones', async () => {
  await using server = await startScripted();
  await using connection = await connect(server);
  const { isError, text } = await call(connection, 'ollama_chat', { model, ...say('Hi'), conversation: 'x' });
  expect(isError).toBe(true);
  expect(text).toMatch(/^There is no conversation x: .*\nStart one with conversation: "new"\. There are: none\.$/);
  const both = await call(connection, 'ollama_chat', { model, prompts: ['a'], conversation: 'new' });
  expect(both).toMatchObject({ isError: true, text: expect.stringContaining('one answer at a time') });
  expect(server.requests).toEqual([]);
});

test('if there are too many conversations, the least recently used one is dropped', async () => {
  await using server = await startScripted();
  await using connection = await connect(server);
  const ids: unknown[] = [];
  for (let index = 0; index < 33; index++) {
    const { structured } = await call(connection, 'ollama_chat', { model, ...say('Hi'), conversation: 'new' });
    ids.push(structured?.['conversation']);
    if (index === 30) await call(connection, 'ollama_chat', { model, ...say('Hi'), conversation: ids[0] });
  }
  expect((await call(connection, 'ollama_chat', { model, ...say('Hi'), conversation: ids[0] })).isError).toBe(false);
  expect((await call(connection, 'ollama_chat', { model, ...say('Hi'), conversation: ids[1] })).isError).toBe(true);
});
