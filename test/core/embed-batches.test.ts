import { createOllama } from '@ollama-toolbelt/core/node';
import { delay, failWith, faults, gate, raw } from '@ollama-toolbelt/ollama-server';
import { describe, expect, test } from 'vitest';
import { failureOf } from '../fixtures/core/failure.ts';
import { useScripted } from '../fixtures/scripted.ts';

const fresh = useScripted({ retry: false });

const model = 'embedding-model';
const inputsOf = (request: { body: { [name: string]: unknown } }) => request.body['input'] as string[];
const sent = () => fresh.server.requestsTo('/api/embed').map(inputsOf);
const textsOf = (count: number) => Array.from({ length: count }, (_, index) => `text ${index}`);
const vectorOf = (text: string) => [Number(text.split(' ')[1] ?? 0), 1];

/** Responds to each text with a vector that identifies it, and rejects batches that contain certain texts. */
function answer(refusal?: { of: (text: string) => boolean; with: ReturnType<typeof failWith> }): void {
  fresh.server.always.embed((request) =>
    refusal && inputsOf(request).some(refusal.of)
      ? refusal.with
      : { embeddings: inputsOf(request).map(vectorOf), promptTokens: 2 * inputsOf(request).length },
  );
}

test('65 texts are sent in three batches and returned in order, with the counts of all', async () => {
  answer();
  const texts = textsOf(65);
  const result = await fresh.ollama.embed({ model, input: texts, dimensions: 2, keep_alive: '5m' });
  expect(sent()).toEqual([texts.slice(0, 32), texts.slice(32, 64), texts.slice(64)]);
  expect(result.embeddings).toEqual(texts.map(vectorOf));
  expect(result.prompt_eval_count).toBe(130);
  for (const { body } of fresh.server.requests) expect(body).toMatchObject({ model, dimensions: 2, keep_alive: '5m' });
});

test('batchSize sets how many texts a request has', async () => {
  answer();
  const texts = textsOf(65);
  const { embeddings } = await fresh.ollama.embed({ model, input: texts }, { batchSize: 40 });
  expect(sent()).toEqual([texts.slice(0, 40), texts.slice(40)]);
  expect(embeddings).toEqual(texts.map(vectorOf));
});

test.each([0, -1, 2.5, Number.NaN, Number.POSITIVE_INFINITY, '8', {}])('%j is not a batchSize', async (batchSize) => {
  for (const input of ['a', ['a', 'b']]) {
    const failure = await failureOf(fresh.ollama.embed({ model, input }, { batchSize: batchSize as number }));
    expect(failure).toMatchObject({
      code: 'bad_request',
      option: 'batchSize',
      hint: 'batchSize takes a whole number, 1 or more.',
    });
  }
  expect(sent()).toEqual([]);
});

test('undefined as batchSize means the default, and any other call names the one that accepts it', async () => {
  answer();
  for (const batchSize of [undefined, null]) {
    await fresh.ollama.embed({ model, input: textsOf(33) }, { batchSize: batchSize as undefined });
  }
  expect(sent().map(({ length }) => length)).toEqual([32, 1, 32, 1]);
  expect(await failureOf(fresh.ollama.list({ batchSize: 5 } as object))).toMatchObject({
    code: 'bad_request',
    option: 'batchSize',
    hint: 'embed takes it, as an option of the call.',
  });
});

test('equal texts are sent once and returned at each place', async () => {
  answer();
  const texts = [...textsOf(20), ...textsOf(20), ...textsOf(25).reverse()];
  const { embeddings } = await fresh.ollama.embed({ model, input: texts });
  expect(sent()).toEqual([textsOf(20).concat(['text 24', 'text 23', 'text 22', 'text 21', 'text 20'])]);
  expect(embeddings).toEqual(texts.map(vectorOf));
});

test.each([
  ['a number', ['1', 1]],
  ['an undefined one', ['1', undefined]],
  ['a hole', Object.assign(Array(2), ['1'])],
])('%s among the texts is named before anything is sent', async (_, input) => {
  await using ollama = createOllama({ host: fresh.server.host, embedCache: { maxBytes: 1000 } });
  for (const client of [ollama, fresh.ollama]) {
    expect(await failureOf(client.embed({ model, input: input as string[] }))).toMatchObject({
      code: 'bad_request',
      inputIndex: 1,
      field: 'input[1]',
    });
  }
  expect(fresh.server.requestsTo('/api/embed')).toEqual([]);
});

test('one text is also sent as a list, and no text only loads the model', async () => {
  answer();
  expect((await fresh.ollama.embed({ model, input: 'text 7' })).embeddings).toEqual([[7, 1]]);
  fresh.server.always.embed(() => undefined);
  expect((await fresh.ollama.embed({ model, input: [] })).embeddings).toEqual([]);
  expect(sent()).toEqual([['text 7'], []]);
});

describe('a text that the server rejects is named', () => {
  const tooLong = failWith(400, 'the input length exceeds the context length');

  test.each([0, 17, 31, 32, 64])('at index %d of 65', async (place) => {
    answer({ of: (text) => text === `text ${place}`, with: tooLong });
    const error = await failureOf(fresh.ollama.embed({ model, input: textsOf(65), truncate: false }));
    expect(error).toMatchObject({ status: 400, code: 'context_exceeded', model });
    expect(error).toMatchObject({ code: 'context_exceeded', inputIndex: place });
    expect(error.message).toMatch(new RegExp(`^Text ${place + 1} of 65 \\(input\\[${place}\\]\\): the input length`));
    // A binary search finds it: for 32 texts at most ten further calls, after the batches before.
    expect(sent().length).toBeLessThanOrEqual(Math.floor(place / 32) + 1 + 10);
  });

  test('even if the server crashes on it', async () => {
    answer({ of: (text) => text === 'text 3', with: failWith(500, 'NaN') });
    const error = await failureOf(fresh.ollama.embed({ model, input: textsOf(8) }));
    expect(error).toMatchObject({ status: 500, message: expect.stringMatching(/^Text 4 of 8 /) });
  });

  test('but not if the server fails on every text', async () => {
    answer({ of: () => true, with: failWith(500, 'out of memory') });
    const error = await failureOf(fresh.ollama.embed({ model, input: textsOf(8) }));
    expect(error).toMatchObject({ status: 500, message: expect.stringMatching(/^out of memory/) });
  });

  test('and not if the whole call is wrong', async () => {
    answer({ of: () => true, with: failWith(404, `model "${model}" not found, try pulling it first`) });
    expect(await failureOf(fresh.ollama.embed({ model, input: textsOf(40) }))).toMatchObject({
      code: 'model_not_found',
    });
    expect(sent()).toHaveLength(1);
  });
});

test('too few vectors are an error', async () => {
  fresh.server.embed([[1, 2]]);
  expect(await failureOf(fresh.ollama.embed({ model, input: textsOf(2) }))).toMatchObject({
    code: 'server_error',
    message: 'The server gave 1 vectors for 2 texts.',
  });
});

test('the total deadline is shared by all batches', async () => {
  fresh.server.always.embed(
    raw(({ request }) => ({
      headers: { 'Content-Type': 'application/json' },
      body: [delay(100), JSON.stringify({ model, embeddings: inputsOf(request).map(vectorOf) })],
    })),
  );
  const failure = await failureOf(fresh.ollama.embed({ model, input: textsOf(160) }, { timeouts: { totalMs: 250 } }));
  expect(failure).toMatchObject({ name: 'OllamaTimeoutError', phase: 'total' });
  expect(failure.message).toContain('250 ms');
});

test('cancelling in any batch ends all of them', async () => {
  const controller = new AbortController();
  fresh.server.embed((request) => ({ embeddings: inputsOf(request).map(vectorOf) }));
  const stalled = gate();
  fresh.server.embed(faults.stallBeforeHeaders(stalled));
  const failure = failureOf(fresh.ollama.embed({ model, input: textsOf(160) }, { signal: controller.signal }));
  await stalled.reached;
  controller.abort('enough');
  expect(await failure).toMatchObject({ name: 'OllamaAbortError', cause: 'enough' });
  expect(sent()).toHaveLength(2);
});
