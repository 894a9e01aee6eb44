import { readFileSync } from 'node:fs';
import { gate, raw } from '@ollama-toolbelt/ollama-server';
import { describe, expect, test } from 'vitest';
import { failureOf } from '../fixtures/core/failure.ts';
import { useScripted } from '../fixtures/scripted.ts';

const fresh = useScripted({ retry: false });
const model = 'embedding-model';
const route = 'POST /v1/embeddings';

interface Recording {
  response: { chunks: { text: string }[] };
}
const recorded = (version: string, name: string): string => {
  const file = new URL(`../ollama-server/transcripts/${version}/${name}.json`, import.meta.url);
  const { response } = JSON.parse(readFileSync(file, 'utf8')) as Recording;
  return response.chunks.map(({ text }) => text).join('');
};
const json = { 'content-type': 'application/json' };
const base64 = (numbers: readonly number[]) => Buffer.from(Float32Array.from(numbers).buffer).toString('base64');
const inputsOf = (body: { [name: string]: unknown }) => body['input'] as string[];
const vectorOf = (text: string) => [Number(text.split(' ')[1]), 0.5];

/** Responds to each text with a vector that identifies it. */
function answer(embeddingOf: (text: string) => unknown = (text) => base64(vectorOf(text))): void {
  fresh.server.always.on(
    route,
    raw(({ request }) => {
      const texts = inputsOf(request.body);
      const data = texts.map((text, index) => ({ embedding: embeddingOf(text), index }));
      return { headers: json, body: [JSON.stringify({ model, data, usage: { prompt_tokens: texts.length } })] };
    }),
  );
}

test('accepts embedCache, although it uses no cache', async () => {
  answer();
  const { embeddings } = await fresh.ollama.embedFloat32({ model, input: 'text 1' }, { embedCache: false });
  expect(embeddings).toEqual([Float32Array.of(1, 0.5)]);
});

test.each(['0.24.0', '0.33.0-rc2'])('the numbers of Ollama %s equal those of embed', async (version) => {
  fresh.server.on(route, raw({ headers: json, body: [recorded(version, 'v1-embeddings-base64')] }));
  const { embeddings } = await fresh.ollama.embedFloat32({ model, input: 'Why is the sky blue?' });
  const { embeddings: asJson } = JSON.parse(recorded(version, 'embed')) as { embeddings: number[][] };
  expect(embeddings).toHaveLength(1);
  expect(embeddings[0]).toBeInstanceOf(Float32Array);
  expect([...(embeddings[0] ?? [])]).toEqual(asJson[0]?.map(Math.fround));
});

test('texts are sent in batches, equal ones once, and returned in order with the counts of all', async () => {
  answer();
  const texts = ['text 1', 'text 2', 'text 1', 'text 3'];
  const result = await fresh.ollama.embedFloat32({ model, input: texts, dimensions: 2 }, { batchSize: 2 });
  expect(result.embeddings).toEqual(texts.map((text) => Float32Array.from(vectorOf(text))));
  expect(result).toMatchObject({ model, prompt_eval_count: 3 });
  const sent = fresh.server.requestsTo('/v1/embeddings').map(({ body }) => body);
  expect(sent).toEqual([
    { model, input: ['text 1', 'text 2'], dimensions: 2, encoding_format: 'base64' },
    { model, input: ['text 3'], dimensions: 2, encoding_format: 'base64' },
  ]);
});

test('the index in a response counts, not the order', async () => {
  const data = [
    { index: 1, embedding: base64([2]) },
    { index: 0, embedding: base64([1]) },
  ];
  fresh.server.on(route, raw({ headers: json, body: [JSON.stringify({ data })] }));
  const { embeddings } = await fresh.ollama.embedFloat32({ model, input: ['a', 'b'] });
  expect(embeddings).toEqual([Float32Array.of(1), Float32Array.of(2)]);
});

test('without an index, the order counts', async () => {
  const data = [{ embedding: base64([1]) }, { index: null, embedding: base64([2]) }];
  fresh.server.on(route, raw({ headers: json, body: [JSON.stringify({ data })] }));
  const { embeddings } = await fresh.ollama.embedFloat32({ model, input: ['a', 'b'] });
  expect(embeddings).toEqual([Float32Array.of(1), Float32Array.of(2)]);
});

test('a server that sends numbers instead is supported too', async () => {
  answer(vectorOf);
  const { embeddings } = await fresh.ollama.embedFloat32({ model, input: ['text 7'] });
  expect(embeddings).toEqual([Float32Array.of(7, 0.5)]);
});

describe('an invalid response is an error', () => {
  test.each([
    ['a part of a number', 'AAA='],
    ['not base64', 'µAAAAAA='],
    ['nothing', null],
  ])('%s', async (_, embedding) => {
    answer(() => embedding);
    const error = await failureOf(fresh.ollama.embedFloat32({ model, input: ['text 1'] }));
    expect(error).toMatchObject({ code: 'bad_line' });
  });

  test('fewer vectors than texts', async () => {
    fresh.server.on(route, raw({ headers: json, body: ['{"data":[]}'] }));
    expect(await failureOf(fresh.ollama.embedFloat32({ model, input: ['a'] }))).toMatchObject({ code: 'server_error' });
  });

  test.each([
    ['repeated', [1, 1]],
    ['beyond the end', [0, 2]],
    ['not a whole number', [0, 0.5]],
    ['not a number', [0, '1']],
  ])('an index that is %s, which would leave a text without a vector', async (_, [one, other]) => {
    const data = [one, other].map((index) => ({ index, embedding: base64([1]) }));
    fresh.server.on(route, raw({ headers: json, body: [JSON.stringify({ data })] }));
    const error = await failureOf(fresh.ollama.embedFloat32({ model, input: ['a', 'b'] }));
    expect(error).toMatchObject({ code: 'bad_line', message: expect.stringContaining('data[1].index') });
  });

  test('an unknown model, with the message of that route', async () => {
    const error = { message: `model "${model}" not found, try pulling it first`, type: 'not_found_error' };
    fresh.server.on(route, raw({ status: 404, headers: json, body: [JSON.stringify({ error })] }));
    expect(await failureOf(fresh.ollama.embedFloat32({ model, input: ['a'] }))).toMatchObject({
      code: 'model_not_found',
      status: 404,
      model,
    });
  });
});

test('a field that the route does not know is rejected, and nothing is sent', async () => {
  const request = { model, input: 'a', keep_alive: '5m' };
  expect(await failureOf(fresh.ollama.embedFloat32(request))).toMatchObject({
    code: 'bad_request',
    option: 'keep_alive',
  });
  expect(fresh.server.requests).toEqual([]);
});

test('a signal ends it and closes its connection', async () => {
  const controller = new AbortController();
  fresh.server.always.on(
    route,
    raw(() => {
      controller.abort();
      return { headers: json, body: [gate()] };
    }),
  );
  const call = fresh.ollama.embedFloat32({ model, input: ['a', 'b'] }, { signal: controller.signal });
  expect(await failureOf(call)).toMatchObject({ code: 'aborted' });
  expect(await fresh.server.lastRequest.closed).not.toBe('complete');
});
