import { createOllama } from '@ollama-toolbelt/core/node';
import { faults, replyJson, type ScriptedServer, startScripted } from '@ollama-toolbelt/ollama-server';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { failureOf } from '../fixtures/core/failure.ts';

const model = 'chat-model';
const messages = [{ role: 'user' as const, content: 'Hi' }];
let server: ScriptedServer;
let ollama: ReturnType<typeof createOllama>;
beforeEach(async () => {
  server = await startScripted();
  ollama = createOllama({ host: server.host, retry: false });
});
afterEach(async () => {
  await ollama.close();
  await server.close();
});

test('a prompt that does not fit: its length and the limit', async () => {
  server.on('*', faults.nestedError());
  expect(await failureOf(ollama.chat({ model, messages }))).toMatchObject({ tokens: 10008, contextLength: 512 });
});

test('an option of the wrong type, and a capability that the model lacks', async () => {
  server.on('POST /api/chat', replyJson({ error: 'option "num_ctx" must be of type integer' }, 500));
  expect(await failureOf(ollama.chat({ model, messages }))).toMatchObject({ option: 'num_ctx' });
  server.on('POST /api/chat', replyJson({ error: '"chat-model" does not support chat' }, 400));
  expect(await failureOf(ollama.chat({ model, messages }))).toMatchObject({ code: 'unsupported', capability: 'chat' });
});

test('a model that does not fit in memory, and one that crashes', async () => {
  const error = 'model requires more system memory (48.2 GiB) than is available (14.6 GiB)';
  server.on('POST /api/chat', replyJson({ error }, 500)).on('POST /api/chat', faults.errorLine());
  const failure = () => failureOf(ollama.chat({ model, messages }));
  expect(await failure()).toMatchObject({ code: 'server_error', reason: 'out_of_memory' });
  expect(await failure()).toMatchObject({ code: 'stream_error', reason: 'crashed' });
});

test('a registry without TLS', async () => {
  const error = 'Get "https://registry.test/v2/x": http: server gave HTTP response to HTTPS client';
  server.on('POST /api/pull', replyJson({ error }, 500));
  expect(await failureOf(ollama.pull({ model }))).toMatchObject({ reason: 'plain_http' });
});

test('an answer that does not match the format', async () => {
  server.chat({ text: 'seven' }).chat({ text: '{"age":"7"}' });
  const format = z.object({ age: z.number() });
  expect(await failureOf(ollama.chat({ model, messages, format }))).toMatchObject({
    reason: 'not_json',
    characters: 5,
  });
  expect(await failureOf(ollama.chat({ model, messages, format }))).toMatchObject({ reason: 'not_schema' });
});

test('a model that calls tools without end', async () => {
  server.always.chat({ toolCalls: [{ name: 'look', arguments: {} }] });
  const chat = ollama.conversation({ model, maxRounds: 2, tools: [{ name: 'look', run: () => 'nothing' }] });
  expect(await failureOf(chat.send('Look.'))).toMatchObject({ reason: 'too_many_rounds', rounds: 2 });
});

test('a header that cannot be sent', async () => {
  const call = { headers: { 'x-mine': 'a\nb' } };
  expect(await failureOf(ollama.version(call))).toMatchObject({ code: 'bad_request', header: 'x-mine' });
});

describe('a Modelfile', () => {
  const create = (modelfile: string) => failureOf(ollama.create({ model: 'mine', modelfile }));

  test('a missing file', async () => {
    const details = { code: 'bad_modelfile', command: 'FROM', path: './no.gguf', line: 2 };
    expect(await create('# mine\nFROM ./no.gguf')).toMatchObject(details);
    const adapter = { command: 'ADAPTER', path: 'lora.gguf', line: 2 };
    expect(await create('FROM chat-model\nADAPTER lora.gguf')).toMatchObject(adapter);
  });

  test('an unknown parameter, and one with a wrong value', async () => {
    expect(await create('FROM a\nPARAMETER warmth 1')).toMatchObject({ option: 'warmth', line: 2 });
    expect(await create('FROM a\n\nPARAMETER top_k many')).toMatchObject({ option: 'top_k', line: 3 });
  });

  test('an unknown command', async () => {
    expect(await create('FROM a\nGREET hello')).toMatchObject({ code: 'bad_modelfile', line: 2 });
  });
});

test('a file of blobs.upload', async () => {
  expect(await failureOf(ollama.blobs.upload('/no/such.gguf'))).toMatchObject({ path: '/no/such.gguf' });
});
