import { createOllama } from '@ollama-toolbelt/core/node';
import { faults, gate, replyJson } from '@ollama-toolbelt/ollama-server';
import { beforeEach, expect, test } from 'vitest';
import { failureOf } from '../fixtures/core/failure.ts';
import { useScripted } from '../fixtures/scripted.ts';

const fresh = useScripted();
let computed: string[];
beforeEach(() => {
  computed = [];
  fresh.server.always.embed(({ body }) => {
    const inputs = body['input'] as string[];
    computed.push(...inputs);
    return inputs.map((text) => [text.length, 0.1, -1 / 3]);
  });
});

const model = 'embedding-model';
const client = (maxBytes = 1_000_000) => createOllama({ host: fresh.server.host, embedCache: { maxBytes } });

test('a text is computed once, alone or with others', async () => {
  await using ollama = client();
  const first = await ollama.embed({ model, input: ['one', 'three'] });
  const second = await ollama.embed({ model, input: ['three', 'fifteen', 'one', 'three'] });
  expect(computed).toEqual(['one', 'three', 'fifteen']);
  expect(second.embeddings).toEqual([first.embeddings[1], [7, 0.1, -1 / 3], first.embeddings[0], first.embeddings[1]]);
  // Everything is cached: no call, and the response still has its shape.
  expect(await ollama.embed({ model, input: 'one' })).toEqual({ model, embeddings: [first.embeddings[0]] });
  expect(computed).toHaveLength(3);
});

test('the model name may be written in any form, and keep_alive makes no difference', async () => {
  await using ollama = client();
  await ollama.embed({ model, input: 'one' });
  await ollama.embed({ model: 'EMBEDDING-MODEL:latest', input: 'one', keep_alive: '10m' });
  expect(computed).toEqual(['one']);
});

test('a call may bypass the cache: it neither reads nor stores anything', async () => {
  await using ollama = client();
  await ollama.embed({ model, input: ['one', 'two'] }, { embedCache: false });
  await ollama.embed({ model, input: 'one' });
  await ollama.embed({ model, input: 'one' }, { embedCache: false });
  expect(computed).toEqual(['one', 'two', 'one', 'one']);
  await ollama.embed({ model, input: 'one' }, { embedCache: true });
  expect(computed).toHaveLength(4);
  expect(await failureOf(ollama.embed({ model, input: 'one' }, { embedCache: 'no' as never }))).toMatchObject({
    code: 'bad_request',
    option: 'embedCache',
  });
});

test('options are sent, cached and rejected in the form that the server accepts', async () => {
  await using ollama = client();
  await ollama.embed({ model, input: 'one', options: { num_ctx: 512 } });
  await ollama.embed({ model, input: 'one', options: { num_ctx: '512' as never } });
  await ollama.embed({ model, input: 'one', options: { num_ctx: 512n as never } });
  expect(computed).toEqual(['one']);
  expect(await failureOf(ollama.embed({ model, input: 'one', options: { new_option: 1n } as never }))).toMatchObject({
    code: 'bad_request',
    hint: expect.stringContaining('BigInt'),
  });
});

test('everything that changes the vector is cached separately', async () => {
  await using ollama = client();
  await ollama.embed({ model, input: 'one' });
  await ollama.embed({ model, input: 'one', dimensions: 2 });
  await ollama.embed({ model, input: 'one', truncate: false });
  await ollama.embed({ model, input: 'one', options: { num_ctx: 512 } });
  await ollama.copy({ source: 'embedding-model', destination: 'another' });
  await ollama.embed({ model: 'another', input: 'one' });
  expect(computed).toHaveLength(5);
});

test('a model that was pulled again gives new vectors', async () => {
  await using ollama = client();
  await ollama.embed({ model, input: 'one' });
  const { models } = await ollama.list();
  const renewed = models.map((entry) => ({ ...entry, digest: 'f'.repeat(64) }));
  fresh.server.on('GET /api/tags', replyJson({ models: renewed }));
  await ollama.embed({ model, input: 'one' });
  expect(computed).toEqual(['one', 'one']);
  await ollama.embed({ model, input: 'one' });
  expect(computed).toHaveLength(2);
});

test('a model that is not listed is not cached', async () => {
  await using ollama = client();
  fresh.server.always.tags({ models: [] });
  await ollama.embed({ model, input: 'one' });
  await ollama.embed({ model, input: 'one' });
  expect(computed).toEqual(['one', 'one']);
});

test('stays within its size, and drops the least recently used vectors', async () => {
  // A vector of three numbers takes about 260 bytes with its key.
  await using ollama = client(600);
  await ollama.embed({ model, input: ['a', 'b'] });
  await ollama.embed({ model, input: 'a' });
  await ollama.embed({ model, input: 'c' });
  expect(computed).toEqual(['a', 'b', 'c']);
  await ollama.embed({ model, input: 'a' });
  expect(computed).toEqual(['a', 'b', 'c']);
  await ollama.embed({ model, input: 'b' });
  expect(computed).toEqual(['a', 'b', 'c', 'b']);
});

test('a vector larger than the cache is not stored', async () => {
  await using ollama = client(1000);
  await ollama.embed({ model, input: 'a' });
  await ollama.embed({ model, input: 'x'.repeat(1000) });
  await ollama.embed({ model, input: 'a' });
  expect(computed).toHaveLength(2);
});

test('a caller cannot change a cached vector', async () => {
  await using ollama = client();
  const { embeddings } = await ollama.embed({ model, input: 'one' });
  embeddings[0]!.fill(0);
  const again = await ollama.embed({ model, input: 'one' });
  expect(again.embeddings).toEqual([[3, 0.1, -1 / 3]]);
  again.embeddings[0]!.length = 0;
  expect((await ollama.embed({ model, input: 'one' })).embeddings).toEqual([[3, 0.1, -1 / 3]]);
});

test('without it nothing is stored and the models are not listed', async () => {
  await using ollama = createOllama({ host: fresh.server.host });
  await ollama.embed({ model, input: 'one' });
  await ollama.embed({ model, input: 'one' });
  expect(computed).toHaveLength(2);
  expect(fresh.server.requestsTo('/api/tags')).toEqual([]);
});

test('the request for the digest is part of the call: its headers, its deadline, its signal', async () => {
  await using ollama = client();
  await ollama.embed({ model, input: 'one' }, { headers: { 'x-team': 'search' } });
  expect(fresh.server.requests.map(({ path, headers }) => [path, headers['x-team']])).toEqual([
    ['/api/tags', 'search'],
    ['/api/embed', 'search'],
  ]);
  const stalled = gate();
  fresh.server.always.on('GET /api/tags', faults.stallBeforeHeaders(stalled));
  const late = await failureOf(ollama.embed({ model, input: 'two' }, { timeouts: { totalMs: 50 } }));
  expect(late).toMatchObject({ name: 'OllamaTimeoutError', phase: 'total' });
  const controller = new AbortController();
  const left = failureOf(ollama.embed({ model, input: 'two' }, { signal: controller.signal }));
  controller.abort();
  expect(await left).toMatchObject({ name: 'OllamaAbortError' });
});
