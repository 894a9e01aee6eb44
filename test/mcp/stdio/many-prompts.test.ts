import type { Progress } from '@modelcontextprotocol/sdk/types.js';
import { failWith, gate, startScripted } from '@ollama-toolbelt/ollama-server';
import { expect, test } from 'vitest';
import { call, connect } from '../../fixtures/mcp/connect.ts';
import { isReport } from '../../fixtures/mcp/reported.ts';

const model = 'chat-model';

test('several prompts are answered in order, whichever finishes first', async () => {
  await using server = await startScripted();
  await using connection = await connect(server);
  await connection.client.listTools();
  await call(connection, 'ollama_generate', { model, prompt: 'load' });
  const slow = gate();
  server.always.generate(({ body }) => {
    const prompt = String(body['prompt']);
    if (prompt === 'c') slow.release();
    return { text: prompt === 'a' ? [slow, 're a'] : `re ${prompt}` };
  });
  const { structured, text, isError } = await call(connection, 'ollama_generate', { model, prompts: ['a', 'b', 'c'] });
  expect(isError).toBe(false);
  expect(structured).toMatchObject({ answers: ['a', 'b', 'c'].map((prompt) => ({ model, text: `re ${prompt}` })) });
  expect(text).toMatch(/Answer 1 of 3:\nre a\n.*Answer 2 of 3:\nre b\n.*Answer 3 of 3:\nre c\n/s);
});

test('chat puts the messages before each of them', async () => {
  await using server = await startScripted();
  await using connection = await connect(server);
  await call(connection, 'ollama_chat', {
    model,
    messages: [{ role: 'system', content: 'Be short.' }],
    prompts: ['a', 'b'],
    options: { seed: 1 },
  });
  const sent = server.requestsTo('/api/chat').map(({ body }) => body);
  expect(sent).toHaveLength(2);
  for (const content of ['a', 'b']) {
    expect(sent).toContainEqual({
      model,
      messages: [
        { role: 'system', content: 'Be short.' },
        { role: 'user', content },
      ],
      options: { seed: 1 },
      stream: true,
    });
  }
});

test('if one fails, the other answers are kept', async () => {
  await using server = await startScripted();
  await using connection = await connect(server);
  await connection.client.listTools();
  server.always.chat(({ body }) => {
    const [{ content } = { content: '' }] = body['messages'] as { content: string }[];
    return content === 'b' ? failWith(400, 'no such luck') : { text: `{"re":"${content}"}` };
  });
  const { structured, text, isError } = await call(connection, 'ollama_chat', {
    model,
    prompts: ['a', 'b', 'c'],
    format: 'json',
  });
  expect(isError).toBe(false);
  expect(structured?.['answers']).toMatchObject([
    { parsed: { re: 'a' } },
    { error: expect.stringContaining('no such luck') },
    { parsed: { re: 'c' } },
  ]);
  expect(text).toContain('Answer 2 of 3:\nFailed: no such luck');
});

test('if all fail, the call fails', async () => {
  await using server = await startScripted();
  await using connection = await connect(server);
  const { structured, isError } = await call(connection, 'ollama_generate', {
    model: 'chat-mdel',
    prompts: ['a', 'b'],
  });
  expect(isError).toBe(true);
  expect(structured?.['answers']).toHaveLength(2);
  expect(JSON.stringify(structured)).toContain('Closest installed models: chat-model:latest');
});

test('two are processed at a time, and progress counts the finished ones', async () => {
  await using server = await startScripted();
  await using connection = await connect(server);
  await call(connection, 'ollama_generate', { model, prompt: 'load' });
  const stalls = [gate(), gate()];
  for (const stall of stalls) server.generate({ text: ['x', stall] });
  const seen: Progress[] = [];
  const answer = call(
    connection,
    'ollama_generate',
    { model, prompts: ['a', 'b', 'c', 'd'] },
    { onprogress: (progress) => seen.push(progress) },
  );
  await Promise.all(stalls.map(({ reached }) => reached));
  expect(server.requestsTo('/api/generate')).toHaveLength(3);
  for (const stall of stalls) stall.release();
  expect((await answer).structured?.['answers']).toHaveLength(4);
  for (const { total, message } of seen.filter(isReport)) {
    expect(total).toBe(4);
    expect(message).toMatch(/^\d of 4 answers/);
  }
});

test('cancelling ends all running requests', async () => {
  await using server = await startScripted();
  await using connection = await connect(server);
  await call(connection, 'ollama_generate', { model, prompt: 'load' });
  const stalls = [gate(), gate()];
  for (const stall of stalls) server.generate({ text: ['x', stall] });
  const controller = new AbortController();
  const answer = call(
    connection,
    'ollama_generate',
    { model, prompts: ['a', 'b', 'c'] },
    { signal: controller.signal },
  );
  const failed = expect(answer).rejects.toThrow();
  await Promise.all(stalls.map(({ reached }) => reached));
  controller.abort();
  await failed;
  const [, ...running] = server.requestsTo('/api/generate');
  expect(await Promise.all(running.map(({ closed }) => closed))).toEqual(['aborted', 'aborted']);
});

test('no prompts, too many, and both forms at once are errors', async () => {
  await using server = await startScripted();
  await using connection = await connect(server);
  for (const [args, words] of [
    [{ prompts: [] }, 'prompt: missing (text)'],
    [{ prompts: Array.from({ length: 101 }, () => 'x') }, '101 are too many'],
    [{ prompts: ['a'], prompt: 'b' }, 'Pass either prompt or prompts'],
  ] as const) {
    const { isError, text } = await call(connection, 'ollama_generate', { model, ...args });
    expect({ isError, text }).toEqual({ isError: true, text: expect.stringContaining(words) });
  }
  expect(server.requests).toEqual([]);
});
