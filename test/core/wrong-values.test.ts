import type { ChatRequest, Format, GenerateRequest } from '@ollama-toolbelt/core/neutral';
import { createOllama } from '@ollama-toolbelt/core/node';
import { raw, startScripted } from '@ollama-toolbelt/ollama-server';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { failureOf } from '../fixtures/core/failure.ts';

// Plain JavaScript programs send them; the server has a message for them.
const requests = [
  { model: 'chat-model', messages: 'Hello!' },
  { model: 'chat-model', messages: { role: 'user', content: 'Hello!' } },
  { model: 'chat-model', messages: [{ role: 'user', content: 'Hello!', images: 'abc' }] },
  { model: 'chat-model', messages: [{ role: 'user', content: 'Hello!', images: [5] }] },
];

test.each(requests)('%j goes to the server, which rejects it', async (request) => {
  await using server = await startScripted();
  await using ollama = createOllama({ host: server.host });
  const refused = { name: 'OllamaHttpError', status: 400, code: 'bad_request' };
  await expect(ollama.chat(request as unknown as ChatRequest)).rejects.toMatchObject(refused);
  expect(server.lastRequest.body).toEqual({ ...request, stream: true });
});

test('null in a request means a missing field', async () => {
  await using server = await startScripted();
  await using ollama = createOllama({ host: server.host });
  const nothing = { images: null, format: null, options: null, keep_alive: null, system: null, think: null };
  const request = { model: 'chat-model', prompt: 'Hello!', ...nothing } as unknown as GenerateRequest;
  expect(await ollama.generate(request)).toMatchObject({ done: true, response: expect.stringMatching(/\S/) });
});

test.each([
  ['zod 3', { parse() {}, safeParse() {} }],
  ['valibot', { kind: 'schema', type: 'object', entries: {}, '~standard': { version: 1 } }],
  ['arktype', Object.assign(() => {}, { toJsonSchema() {} })],
])('a schema of %s never passes as a JSON Schema', async (_, schema) => {
  await using server = await startScripted();
  await using ollama = createOllama({ host: server.host });
  const request = { model: 'chat-model', prompt: 'Hello!', format: schema as unknown as Format };
  expect(await failureOf(ollama.generate(request))).toMatchObject({ code: 'bad_request' });
  expect(server.requests).toHaveLength(0);
});

test('the JSON Schema that zod creates is sent unchanged', async () => {
  await using server = await startScripted();
  await using ollama = createOllama({ host: server.host });
  const format = z.toJSONSchema(z.object({ city: z.string() })) as Format;
  server.generate({ text: '{"city":"Oslo"}' });
  const { parsed } = await ollama.generate({ model: 'chat-model', prompt: 'Hello!', format });
  expect(parsed).toEqual({ city: 'Oslo' });
  expect(server.lastRequest.body['format']).toMatchObject({ type: 'object', required: ['city'] });
});

test.each([
  ['an ArrayBuffer', new Uint8Array([255, 0, 1]).buffer],
  ['a DataView', new DataView(new Uint8Array([9, 255, 0, 1]).buffer, 1)],
  ['a part of a Buffer', Buffer.from([9, 255, 0, 1]).subarray(1)],
])('%s is an image', async (_, image) => {
  await using server = await startScripted();
  await using ollama = createOllama({ host: server.host });
  server.generate({ text: 'A cat.' });
  await ollama.generate({ model: 'chat-model', prompt: 'Hello!', images: [image as Uint8Array] });
  expect(server.lastRequest.body['images']).toEqual(['/wAB']);
});

test('a large image is encoded as base64 in pieces', async () => {
  await using server = await startScripted();
  await using ollama = createOllama({ host: server.host });
  const image = Buffer.from(Array.from({ length: 100_000 }, (_, index) => (index * 7) % 251));
  server.generate({ text: 'A cat.' });
  await ollama.generate({ model: 'chat-model', prompt: 'Hello!', images: [image] });
  expect(server.lastRequest.body['images']).toEqual([image.toString('base64')]);
});

test.each([{ 'transfer-encoding': 'chunked' }, { expect: '100-continue' }, { 'content-length': '3' }])(
  'a reserved header, %j, is an error of the request',
  async (headers) => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host });
    const failure = await failureOf(ollama.generate({ model: 'chat-model', prompt: 'Hello!' }, { headers }));
    expect(failure).toMatchObject({ code: 'bad_request', retryable: false });
    expect(server.requests).toHaveLength(0);
  },
);

test('a concurrency of 0 means no limit', async () => {
  await using server = await startScripted();
  await using ollama = createOllama({ host: server.host, concurrency: 0 });
  const call = () => ollama.generate({ model: 'chat-model', prompt: 'Hello!' });
  expect(await Promise.all([call(), call(), call()])).toHaveLength(3);
});

test.each(['copy', 'delete'] as const)('%s accepts an empty response as success', async (operation) => {
  await using server = await startScripted();
  await using ollama = createOllama({ host: server.host });
  server.on('*', raw({ status: 204 }));
  const request = { model: 'a', source: 'a', destination: 'b' };
  expect(await ollama[operation](request)).toEqual({});
});
