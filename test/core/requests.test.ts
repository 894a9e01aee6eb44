import type { ChatRequest, GenerateRequest } from '@ollama-toolbelt/core/neutral';
import { createOllama } from '@ollama-toolbelt/core/node';
import { startScripted } from '@ollama-toolbelt/ollama-server';
import { describe, expect, expectTypeOf, test } from 'vitest';
import * as z from 'zod';
import { chunksOf } from '../fixtures/core/calls.ts';

async function setup() {
  const server = await startScripted();
  const ollama = createOllama({ host: server.host });
  return {
    server,
    ollama,
    async [Symbol.asyncDispose]() {
      await ollama.close();
      await server.close();
    },
  };
}

const question = { model: 'chat-model', messages: [{ role: 'user' as const, content: 'Hi' }] };

describe('values in other forms than the server accepts', () => {
  test.each([
    ['5m', '5m'],
    [300, 300],
    ['300', 300],
    [' 300 ', 300],
    ['1.5', 1.5],
    [-1, -1],
    ['-1', -1],
    [0, 0],
    ['0', 0],
    ['-1m', '-1m'],
    ['1h30m', '1h30m'],
  ])('keep_alive %j is sent as %j', async (keep_alive, wire) => {
    await using it = await setup();
    await it.ollama.chat({ ...question, keep_alive });
    expect(it.server.lastRequest.body['keep_alive']).toBe(wire);
    await it.ollama.generate({ model: 'chat-model', prompt: 'x', keep_alive });
    expect(it.server.lastRequest.body['keep_alive']).toBe(wire);
    await it.ollama.embed({ model: 'embedding-model', input: 'x', keep_alive });
    expect(it.server.lastRequest.body['keep_alive']).toBe(wire);
    await it.ollama.embeddings({ model: 'embedding-model', prompt: 'x', keep_alive });
    expect(it.server.lastRequest.body['keep_alive']).toBe(wire);
  });

  test('images as bytes, as base64 and as a data: URL', async () => {
    await using it = await setup();
    const bytes = Uint8Array.from({ length: 70_000 }, (_, index) => index % 251);
    const base64 = Buffer.from(bytes).toString('base64');
    const images = [bytes, Buffer.from(bytes), base64, `data:image/png;base64,${base64}`];
    const wire = images.map(() => base64);
    it.server.always.chat({ text: 'A picture.' }).generate({ text: 'A picture.' });
    await it.ollama.generate({ model: 'chat-model', prompt: 'What is it?', images });
    expect(it.server.lastRequest.body['images']).toEqual(wire);
    await it.ollama.chat({ model: 'chat-model', messages: [{ role: 'user', content: 'What is it?', images }] });
    expect(it.server.lastRequest.body['messages']).toEqual([{ role: 'user', content: 'What is it?', images: wire }]);
  });

  test('a text as an image is never read as a path', async () => {
    await using it = await setup();
    const asked = it.ollama.generate({ model: 'chat-model', prompt: 'x', images: ['/etc/hostname'] });
    await expect(asked).rejects.toMatchObject({ status: 400, code: 'bad_request' });
    expect(it.server.lastRequest.body['images']).toEqual(['/etc/hostname']);
  });

  test('stream in a request never changes what is sent', async () => {
    await using it = await setup();
    for (const stream of [true, false]) {
      expect(await it.ollama.chat({ ...question, stream })).toMatchObject({ done: true });
      expect(it.server.lastRequest.body['stream']).toBe(true);
      expect(await chunksOf(it.ollama.generateStream({ model: 'chat-model', prompt: 'x', stream }))).not.toHaveLength(
        1,
      );
      expect(it.server.lastRequest.body['stream']).toBe(true);
      await it.ollama.pull({ model: 'chat-model', stream });
      expect(it.server.lastRequest.body['stream']).toBe(true);
    }
  });
});

describe('structured output', () => {
  const Person = z.object({ name: z.string(), age: z.number().int().default(0) });
  const jsonSchema = { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] };

  test('"json" gives unknown JSON', async () => {
    await using it = await setup();
    it.server.generate({ text: '{"a": [1]}' });
    const answer = await it.ollama.generate({ model: 'chat-model', prompt: 'x', format: 'json' });
    expect(it.server.lastRequest.body['format']).toBe('json');
    expect(answer.parsed).toEqual({ a: [1] });
    expectTypeOf(answer.parsed).toBeUnknown();
    expect(answer.response).toBe('{"a": [1]}');
  });

  test('a JSON Schema is sent unchanged', async () => {
    await using it = await setup();
    it.server.chat({ text: ['{"name":', '"Ada"}'] });
    const answer = await it.ollama.chat({ ...question, format: jsonSchema });
    expect(it.server.lastRequest.body['format']).toEqual(jsonSchema);
    expect(answer.parsed).toEqual({ name: 'Ada' });
    expectTypeOf(answer.parsed).toBeUnknown();
  });

  test('a zod schema is sent as JSON Schema, and types and validates the value', async () => {
    await using it = await setup();
    it.server.always.chat({ text: ['{"name":', '"Ada"}'] }).generate({ text: '{"name":"Ada"}' });
    const answer = await it.ollama.chat({ ...question, format: Person });
    expect(it.server.lastRequest.body['format']).toMatchObject({ type: 'object', required: ['name'] });
    expect(answer.parsed).toEqual({ name: 'Ada', age: 0 });
    expectTypeOf(answer.parsed).toEqualTypeOf<{ name: string; age: number }>();
    const generated = await it.ollama.generate({ model: 'chat-model', prompt: 'x', format: Person });
    expectTypeOf(generated.parsed).toEqualTypeOf<{ name: string; age: number }>();
    expect(generated.parsed).toEqual({ name: 'Ada', age: 0 });
  });

  test('without a format there is no parsed value', async () => {
    await using it = await setup();
    it.server.generate({ text: '{"a":1}' });
    const answer = await it.ollama.generate({ model: 'chat-model', prompt: 'x' });
    expect(answer).not.toHaveProperty('parsed');
  });

  test.each([
    ['truncated at its maximum length', '{"name":"A', 'not valid JSON', 'length'],
    ['other JSON', '{"name":5}', 'not valid against the schema', 'stop'],
    ['prose', 'the-secret-answer', 'not valid JSON', 'stop'],
    ['nothing', '', 'not valid JSON', 'stop'],
  ])(
    'an answer that is not a value of the schema is an error that keeps it: %s',
    async (_, text, words, doneReason) => {
      await using it = await setup();
      it.server.chat({ text, doneReason });
      const error = await it.ollama.chat({ ...question, format: Person }).catch((reason: unknown) => reason);
      expect(error).toMatchObject({
        name: 'OllamaError',
        code: 'bad_output',
        retryable: false,
        model: 'chat-model',
        partial: { message: { content: text }, done: true },
      });
      expect((error as Error).message).toContain(words);
      expect((error as Error).message).not.toContain('secret');
      expect(error).toHaveProperty('hint', expect.stringContaining('num_predict'));
    },
  );

  test('an answer that loads the model or calls a tool has no parsed value', async () => {
    await using it = await setup();
    expect(await it.ollama.chat({ model: 'chat-model', messages: [], format: Person })).toMatchObject({
      done_reason: 'load',
    });
    const tools = [{ type: 'function', function: { name: 'look_up', parameters: { type: 'object', properties: {} } } }];
    it.server.chat({ text: '', toolCalls: [{ name: 'look_up', arguments: {} }] }).chat({ text: '' });
    const called = await it.ollama.chat({ ...question, tools, format: Person });
    expect(called.message.tool_calls).toHaveLength(1);
    // A call of a tool that was not offered arrives as an empty answer.
    expect(await it.ollama.chat({ ...question, tools, format: Person })).toMatchObject({ message: { content: '' } });
  });

  test.each([
    ['a validator that has no JSON Schema', { parse: (value: unknown) => value }],
    ['a schema that JSON Schema cannot express', z.object({ when: z.date() })],
  ])('%s is refused before anything is sent', async (_, format) => {
    await using it = await setup();
    await expect(it.ollama.chat({ ...question, format })).rejects.toMatchObject({
      name: 'OllamaError',
      code: 'bad_request',
      hint: expect.stringContaining('JSON Schema'),
    });
    await expect(it.ollama.chatStream({ ...question, format }).next()).rejects.toMatchObject({ code: 'bad_request' });
    expect(it.server.requests).toHaveLength(0);
  });
});

test('a request that cannot be serialized is rejected before anything is sent', async () => {
  await using it = await setup();
  const circular: Record<string, unknown> = {};
  circular['self'] = circular;
  for (const extra of [{ novelty: 1n }, { circular }]) {
    const request = { ...question, ...extra } as unknown as ChatRequest;
    await expect(it.ollama.chat(request)).rejects.toMatchObject({ name: 'OllamaError', code: 'bad_request' });
    await expect(it.ollama.chatStream(request).next()).rejects.toMatchObject({ code: 'bad_request' });
  }
  expect(it.server.requests).toHaveLength(0);
});

test('unknown fields pass through in both directions', async () => {
  await using it = await setup();
  const line = { model: 'm', created_at: '', message: { role: 'assistant', content: 'Hi', mood: 'good' }, done: true };
  it.server.chat({ lines: [{ ...line, novelty: { a: 1 } }] }).show({ details: {}, novelty: [1] });
  const extra = { novelty: { deep: [1] }, options: { temperature: 0, novelty: 1 } };
  expect(await it.ollama.chat({ ...question, ...extra })).toEqual({
    ...line,
    novelty: { a: 1 },
    notices: [expect.objectContaining({ code: 'option_ignored', message: expect.stringContaining('options.novelty') })],
  });
  expect(it.server.lastRequest.body).toEqual({ ...question, ...extra, stream: true });
  const show = { model: 'm', novelty: 1 };
  expect(await it.ollama.show(show)).toEqual({ details: {}, novelty: [1] });
  expect(it.server.lastRequest.body).toEqual(show);
});

test('every field of a request reaches the server', async () => {
  await using it = await setup();
  const options = { temperature: 0, seed: 1, num_predict: -1, num_ctx: 512, stop: ['\n'], use_mmap: true };
  const common = { options, think: 'high' as const, truncate: false, shift: false, logprobs: true, top_logprobs: 3 };
  const generate: GenerateRequest = {
    model: 'thinking-model',
    prompt: 'x',
    suffix: 'y',
    system: 's',
    template: '{{ .Prompt }}',
    context: [1, 2],
    raw: false,
    ...common,
  };
  it.server.generate({ text: '' });
  await it.ollama.generate(generate);
  expect(it.server.lastRequest.body).toEqual({ ...generate, stream: true });
  const chat: ChatRequest = {
    model: 'thinking-model',
    messages: [
      { role: 'system', content: 's' },
      { role: 'user', content: 'Weather?' },
      {
        role: 'assistant',
        content: '',
        thinking: 'hm',
        tool_calls: [{ id: 'call_1', function: { name: 'look_up', arguments: { city: 'Oslo' } } }],
      },
      { role: 'tool', content: '5 degrees', tool_name: 'look_up', tool_call_id: 'call_1' },
    ],
    tools: [{ type: 'function', function: { name: 'look_up', description: 'd', parameters: { type: 'object' } } }],
    ...common,
  };
  it.server.chat({ text: '' });
  await it.ollama.chat(chat);
  expect(it.server.lastRequest.body).toEqual({ ...chat, stream: true });
});

test('a request is never changed', async () => {
  await using it = await setup();
  const deepFreeze = <T extends object>(value: T): T => {
    for (const inner of Object.values(value)) {
      if (typeof inner === 'object' && inner !== null && !ArrayBuffer.isView(inner)) deepFreeze(inner);
    }
    return Object.freeze(value);
  };
  const image = Uint8Array.of(1, 2, 3);
  const request = (): ChatRequest => ({
    model: 'chat-model',
    messages: [{ role: 'user', content: 'x', images: [image, 'data:image/png;base64,AQID'] }],
    format: { type: 'object' },
    keep_alive: '300',
    stream: false,
    options: { temperature: 0 },
  });
  it.server.always.chat({ text: '{}' });
  const frozen = deepFreeze(request());
  await it.ollama.chat(frozen);
  await chunksOf(it.ollama.chatStream(frozen));
  expect(frozen).toEqual(request());
  expect(image).toEqual(Uint8Array.of(1, 2, 3));
});
