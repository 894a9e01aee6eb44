import type { ChatRequest, GenerateRequest } from '@ollama-toolbelt/core';
import { createOllama } from '@ollama-toolbelt/core/node';
import { startScripted } from '@ollama-toolbelt/ollama-server';
import { expect, test } from 'vitest';

// Programs in plain JavaScript send them; the server has words for them.
const requests = [
  { model: 'chat-model', messages: 'Hello!' },
  { model: 'chat-model', messages: { role: 'user', content: 'Hello!' } },
  { model: 'chat-model', messages: [{ role: 'user', content: 'Hello!', images: 'abc' }] },
  { model: 'chat-model', messages: [{ role: 'user', content: 'Hello!', images: [5] }] },
];

test.each(requests)('%j goes to the server, which refuses it', async (request) => {
  await using server = await startScripted();
  await using ollama = createOllama({ host: server.host });
  const refused = { name: 'OllamaHttpError', status: 400, code: 'bad_request' };
  await expect(ollama.chat(request as unknown as ChatRequest)).rejects.toMatchObject(refused);
  expect(server.lastRequest.body).toEqual({ ...request, stream: true });
});

test('null in a request is what is left out', async () => {
  await using server = await startScripted();
  await using ollama = createOllama({ host: server.host });
  const nothing = { images: null, format: null, options: null, keep_alive: null, system: null, think: null };
  const request = { model: 'chat-model', prompt: 'Hello!', ...nothing } as unknown as GenerateRequest;
  expect(await ollama.generate(request)).toMatchObject({ done: true, response: expect.stringMatching(/\S/) });
});
