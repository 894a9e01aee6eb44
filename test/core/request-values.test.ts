import type { ChatRequest, EmbedRequest, Format, GenerateRequest } from '@ollama-toolbelt/core/neutral';
import { createOllama } from '@ollama-toolbelt/core/node';
import { startScripted } from '@ollama-toolbelt/ollama-server';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { failureOf } from '../fixtures/core/failure.ts';

const prompt = { model: 'chat-model', prompt: 'Hello!' };

async function sent(request: object): Promise<Record<string, unknown>> {
  await using server = await startScripted();
  await using ollama = createOllama({ host: server.host });
  server.generate({ text: '{}' });
  await ollama.generate(request as GenerateRequest);
  return server.lastRequest.body;
}

async function refusal(request: object) {
  await using server = await startScripted();
  await using ollama = createOllama({ host: server.host });
  const error = await failureOf(ollama.generate(request as GenerateRequest));
  expect(await failureOf(ollama.generateStream(request as GenerateRequest))).toMatchObject({ code: error.code });
  expect(server.requests).toHaveLength(0);
  return error;
}

test('unambiguous values are converted', async () => {
  const options = { num_ctx: '2048', temperature: '0.5', use_mmap: 'true', stop: 'x' };
  expect(await sent({ ...prompt, options, raw: 'false', top_logprobs: '3', format: 'JSON' })).toMatchObject({
    options: { num_ctx: 2048, temperature: 0.5, use_mmap: true, stop: ['x'] },
    raw: false,
    top_logprobs: 3,
    format: 'json',
  });
  expect(await sent({ ...prompt, format: ' ' })).not.toHaveProperty('format');
});

test.each([
  [{ options: { num_ctx: 'big' } }, 'num_ctx', 'options.num_ctx takes a whole number, also as text.'],
  [{ options: { stop: 5 } }, 'stop', 'options.stop takes a list of texts, or a single text.'],
  [{ options: { temperature: Number.NaN } }, 'temperature', 'options.temperature takes a number, also as text.'],
  [{ options: ['x'] }, 'options', 'options takes an object of option names and values.'],
  [{ raw: 'maybe' }, 'raw', 'raw takes true or false, also as text.'],
  [{ top_logprobs: 'many' }, 'top_logprobs', 'top_logprobs takes a whole number, also as text.'],
  ...(['yaml', 5, true, false, ['a']] as const).map(
    (format) =>
      [{ format }, 'format', 'format takes "json", a JSON Schema object, or a schema such as zod\'s.'] as const,
  ),
] as const)('%j is refused before it is sent, with what it takes', async (fields, option, hint) => {
  expect(await refusal({ ...prompt, ...fields })).toMatchObject({
    code: 'bad_request',
    option,
    hint,
    retryable: false,
  });
});

test('the same applies to the parameters of create, which the server accepts silently', async () => {
  await using server = await startScripted();
  await using ollama = createOllama({ host: server.host });
  await ollama.create({ model: 'x', from: 'chat-model', parameters: { num_ctx: '4096', stop: 'a' } as never });
  expect(server.lastRequest.body).toMatchObject({ parameters: { num_ctx: 4096, stop: ['a'] } });
  const wrong = ollama.create({ model: 'x', from: 'chat-model', parameters: { top_k: 'x' } as never });
  expect(await failureOf(wrong)).toMatchObject({ code: 'bad_request', option: 'top_k', field: 'parameters.top_k' });
});

describe('format', () => {
  test('the server can resolve a recursive zod schema', async () => {
    const Tree = z.object({
      name: z.string(),
      get children() {
        return z.array(Tree);
      },
    });
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host });
    server.generate({ text: '{"name":"a","children":[{"name":"b","children":[]}]}' });
    const { parsed } = await ollama.generate({ ...prompt, format: Tree });
    expect(parsed.children[0]?.name).toBe('b');
    expect(server.lastRequest.body['format']).toMatchObject({ $ref: '#/$defs/Root' });
    expect(JSON.stringify(server.lastRequest.body['format'])).not.toContain('"#"');
  });

  test.each([
    ['{"address":{"lines":["a",5]}}', 'address.lines[1]'],
    ['{"address":{}}', 'address.lines'],
    ['5', undefined],
  ])('an answer %j that the schema refuses tells where', async (text, field) => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host });
    server.generate({ text });
    const format = z.object({ address: z.object({ lines: z.array(z.string()) }) });
    const error = await failureOf(ollama.generate({ ...prompt, format }));
    expect(error).toMatchObject({ code: 'bad_output', reason: 'not_schema' });
    expect(error.field).toBe(field);
    if (field !== undefined) expect(error.message).toContain(`at ${field} (`);
  });

  test('an object that contains itself is an error, not an endless loop', async () => {
    const format: Record<string, unknown> = { type: 'object', properties: { a: { $ref: '#' } } };
    format['items'] = format;
    expect(await refusal({ ...prompt, format: format as Format })).toMatchObject({ code: 'bad_request' });
  });
});

describe('embed', () => {
  test.each([
    ['', 0, 1],
    [[''], 0, 1],
    [['a', ''], 1, 2],
    [[...Array.from({ length: 40 }, (_, index) => `text ${index}`), ''], 40, 41],
  ])('an empty text has no vector: %j', async (input, inputIndex, count) => {
    await using server = await startScripted();
    for (const embedCache of [undefined, { maxBytes: 1000 }]) {
      await using ollama = createOllama({ host: server.host, embedCache });
      const error = await failureOf(ollama.embed({ model: 'embedding-model', input } as EmbedRequest));
      expect(error).toMatchObject({ code: 'bad_request', inputIndex, field: `input[${inputIndex}]` });
      expect(error.message).toContain(`Text ${inputIndex + 1} of ${count}`);
    }
    expect(server.requests).toHaveLength(0);
  });
});

test('content null, which other APIs write with tool calls, is sent to the server', async () => {
  await using server = await startScripted();
  await using ollama = createOllama({ host: server.host });
  server.chat({ text: 'Hi' });
  const call = { function: { name: 'f', arguments: {} } };
  const messages = [
    { role: 'user', content: 'x' },
    { role: 'assistant', content: null, tool_calls: [call] },
    { role: 'tool', content: 'y' },
  ];
  const answer = await ollama.chat({ model: 'chat-model', messages } as unknown as ChatRequest);
  expect(answer.message.content).toBe('Hi');
});

test('a field that the server ignores, and that was most likely a mistake, is reported in a notice', async () => {
  await using server = await startScripted();
  await using ollama = createOllama({ host: server.host });
  const wrong = { temperature: 0, maxTokens: 5, of_a_newer_server: true };
  const { notices } = await ollama.generate({ ...prompt, ...wrong } as GenerateRequest);
  expect(notices).toMatchObject([
    { code: 'field_ignored', field: 'temperature', meant: 'options.temperature' },
    { code: 'field_ignored', field: 'maxTokens', meant: 'options.num_predict' },
  ]);
  expect(server.lastRequest.body).toMatchObject(wrong);
});
