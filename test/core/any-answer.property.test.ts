import { createOllama, type Ollama, OllamaError, type TransportResponse } from '@ollama-toolbelt/core/neutral';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { watchRejections } from '../fixtures/core/rejections.ts';
import { secret } from '../fixtures/core/secrets.ts';
import { blobsHas, type FaultCall, faultCalls } from '../fixtures/faults/fault-calls.ts';

const text = (value: unknown) => JSON.stringify(value);

/** Nested so deep that any recursive walk overflows the stack. */
const DEPTH = 20_000;
const deepList = `${'['.repeat(DEPTH)}${']'.repeat(DEPTH)}`;
const deepObject = `${'{"a":'.repeat(DEPTH)}1${'}'.repeat(DEPTH)}`;

/** A tool with a handler, so a turn continues with whatever the model calls. */
const tools = [{ name: 'look', parameters: { type: 'object' }, run: () => 'seen' }];

/** The calls of the matrix, and calls that process responses further. */
const operations: readonly FaultCall[] = [
  ...faultCalls,
  blobsHas,
  ...[
    (ollama: Ollama) => ollama.chat({ model: 'a', messages: [], format: 'json' }),
    (ollama: Ollama) =>
      ollama.conversation({ model: 'a', tools, maxRounds: 3, messages: [{ role: 'user', content: 'x' }] }).send('y'),
    (ollama: Ollama) => ollama.embed({ model: 'a', input: ['one', 'two', 'one'] }),
    (ollama: Ollama) => ollama.embed({ model: 'a', input: 'one' }),
    (ollama: Ollama) => ollama.chat({ model: 'a', messages: [{ role: 'user', content: 'x'.repeat(1000) }] }),
  ].map((whole, index): FaultCall => ({ name: `further ${index}`, method: 'POST', path: '', whole })),
];

/**
 * A client whose server responds to everything in the same way; `embedCache` is on, since it reads the list of models.
 */
function answering(answer: Partial<TransportResponse> & { text: string }): Ollama {
  const { text, status = 200, headers = { 'content-type': 'application/x-ndjson' } } = answer;
  const bytes = new TextEncoder().encode(text);
  return createOllama({
    retry: false,
    embedCache: { maxBytes: 1_000_000 },
    timeouts: { idleMs: 0, totalMs: 0 },
    sleep: () => Promise.resolve(),
    now: () => 0,
    transport: async () => ({
      status,
      headers,
      body: (async function* () {
        // In two pieces, split anywhere.
        yield bytes.subarray(0, bytes.length >> 1);
        yield bytes.subarray(bytes.length >> 1);
      })(),
    }),
  });
}

/** Rejects with an `OllamaError` or returns a value; anything else is thrown. */
async function settle(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof OllamaError)) throw error;
    expect(error.message.length).toBeLessThan(2000);
  }
}

async function settleAll(answer: Parameters<typeof answering>[0]): Promise<void> {
  for (const { name, whole, stream } of operations) {
    const ollama = answering(answer);
    try {
      await settle(() => whole(ollama));
      if (!stream) continue;
      await settle(async () => {
        for await (const _ of stream(ollama));
      });
      await settle(() => stream(ollama).result());
    } catch (error) {
      throw new Error(`${name}: ${String(error)}`, { cause: error });
    }
  }
}

/** Values that break code that trusts its types. */
const awkward = fc.constantFrom<unknown>(
  null,
  '',
  0,
  -1,
  1e308,
  true,
  [],
  {},
  [null],
  [[]],
  [[null]],
  [['x']],
  [{}],
  [{ function: null }],
  [{ function: {} }],
  [{ function: { name: 'look' } }],
  [{ function: { name: 'look', arguments: 'text' } }],
  [{ function: { name: 'look', arguments: null } }],
  [{ name: null }],
  [{ name: 'a' }],
  { toString: 1, valueOf: 1 },
  { length: 1 },
  { message: { error: { message: 1 } } },
);
const value = fc.oneof({ weight: 2, arbitrary: awkward }, fc.jsonValue({ maxDepth: 3 }));

const names = [
  ...['model', 'created_at', 'done', 'done_reason', 'response', 'thinking', 'tool_calls', 'logprobs', 'context'],
  ...['total_duration', 'load_duration', 'prompt_eval_count', 'eval_count', 'eval_duration', 'embeddings', 'embedding'],
  ...['models', 'status', 'total', 'completed', 'digest', 'error', 'signin_url', 'version', 'results', 'details'],
  ...['__proto__', 'constructor', 'then', 'toJSON'],
];
const messageNames = ['role', 'content', 'thinking', 'images', 'tool_calls', 'tool_name', '__proto__', 'then'];

/** An object with some of the fields the client knows, of any kind. */
const objectWith = (fields: readonly string[]) =>
  fc
    .array(fc.tuple(fc.constantFrom(...fields), value), { maxLength: 6 })
    .map((entries) => `{${entries.map(([name, value]) => `${text(name)}:${text(value)}`).join()}}`);

/** A line that is valid except for one field, so the code after the first check runs too. */
const nearlyGood = fc
  .record({ field: fc.constantFrom(...names), message: objectWith(messageNames), value })
  .map(({ field, message, value }) =>
    text({
      model: 'a',
      response: 'x',
      embeddings: [[1], [1]],
      models: [{ name: 'a', digest: 'b' }],
      status: 'success',
      done: true,
      eval_count: 9,
      [field]: value,
    }).replace(/\}$/, `,"message":${message}}`),
  );
const line = fc.oneof(nearlyGood, objectWith(names), value.map(text));

const lines = fc
  .array(line, { maxLength: 4 })
  .map((all) => all.join('\n'))
  .chain((all) => fc.constantFrom(all, `${all}\n`, `${all}\n{"done":true,"status":"success"}\n`));

const headers = fc.record({
  'content-type': fc.constantFrom('application/json', 'application/x-ndjson', 'text/html', 'text/plain', '', 'x'),
  'retry-after': fc.constantFrom('', '1', '-1', 'x', '9'.repeat(400)),
  location: fc.constantFrom('', '/', 'http://a:b@c', '::', secret.key.slice(0, 0)),
});
const status = fc.constantFrom(200, 200, 200, 201, 204, 301, 400, 401, 403, 404, 405, 429, 500, 501, 502, 503, 0, 999);

describe('every operation returns a value or an OllamaError', () => {
  test('for any JSON the server responds with', async () => {
    using rejections = watchRejections();
    await fc.assert(
      fc.asyncProperty(lines, (text) => settleAll({ text })),
      { numRuns: 60 },
    );
    expect(await rejections.all()).toEqual([]);
  });

  test('for any bytes, status and headers', async () => {
    using rejections = watchRejections();
    const body = fc.oneof(lines, fc.string(), fc.string({ unit: 'binary' }));
    await fc.assert(
      fc.asyncProperty(body, status, headers, (text, status, headers) => settleAll({ text, status, headers })),
      { numRuns: 50 },
    );
    expect(await rejections.all()).toEqual([]);
  });

  test.each(names)('a value that is nested 20,000 deep in %s', async (name) => {
    const good = `"model":"a","response":"x","done":true,"status":"success"`;
    await settleAll({ text: `{${good},${text(name)}:${deepList}}` });
    await settleAll({ text: `{${text(name)}:${deepObject},${good}}`, status: name === 'error' ? 500 : 200 });
  });

  test.each(messageNames)('a value that is nested 20,000 deep in message.%s', async (name) => {
    for (const value of [deepList, `[{"function":{"name":"look","arguments":${deepObject}}}]`]) {
      await settleAll({
        text: `{"model":"a","done":true,"message":{"role":"assistant",${JSON.stringify(name)}:${value}}}`,
      });
    }
  });
});

describe('a field of the wrong kind is named', () => {
  const call = (name: string) => operations.find((operation) => operation.name === name) as FaultCall;
  test.each([
    ['chat', '{"message":[]}', 'message is not an object'],
    ['chat', '{"message":{"content":1}}', 'message.content is not text'],
    ['chat', '{"message":{"thinking":[]}}', 'message.thinking is not text'],
    ['chat', '{"message":{"tool_calls":{}}}', 'message.tool_calls is not a list'],
    ['chat', '{"message":{"tool_calls":[{}]}}', 'message.tool_calls has a call without the name of a function'],
    ['chat', '{"logprobs":{}}', 'logprobs is not a list'],
    ['chat', '{"done":true,"eval_count":"1"}', 'eval_count is not a number'],
    ['generate', '{"response":{}}', 'response is not text'],
    ['generate', '{"done":true,"model":1}', 'model is not text'],
    ['pull', '{"status":1}', 'status is not text'],
    ['pull', '{"status":"success","total":"1"}', 'total or completed is not a number'],
    ['list', '{}', 'models is not a list'],
    ['ps', '{"models":{}}', 'models is not a list'],
    ['list', '{"models":[{"name":"a"},{}]}', 'models[1] has no name'],
    ['embed', '{"models":[],"embeddings":{}}', 'embeddings is not a list'],
    ['embed', '{"models":[],"embeddings":[["1"]]}', 'embeddings[0] is not a list of numbers'],
    ['embeddings', '{"embedding":"1"}', 'embedding is not a list of numbers'],
  ])('%s: %s', async (name, text, what) => {
    const failed = call(name).whole(answering({ text }));
    await expect(failed).rejects.toMatchObject({ name: 'OllamaStreamError', code: 'bad_line', phase: 'body' });
    await expect(failed).rejects.toThrow(`The answer does not have the shape of the API: ${what} (`);
  });

  test.each(['list', 'ps'])('%s: null, which some servers write for an empty list, is accepted', async (name) => {
    expect(await call(name).whole(answering({ text: '{"models":null}' }))).toEqual({ models: [] });
  });

  test('embeddings are not cached if the server’s list of models is null', async () => {
    const text = '{"models":null,"embeddings":[[1]]}';
    expect(await answering({ text }).embed({ model: 'a', input: 'x' })).toMatchObject({ embeddings: [[1]] });
  });
});

test('a message without content, as callers of tools send it, is accepted', async () => {
  const ollama = answering({ text: '{"model":"a","done":true,"message":{"content":"hi"}}' });
  const message = { role: 'assistant', content: null, tool_calls: [{ function: { name: 'look', arguments: {} } }] };
  const chat = ollama.conversation({ model: 'a', options: { num_ctx: 100 }, messages: [message as never] });
  expect(await chat.send('x')).toMatchObject({ message: { content: 'hi' } });
});

test('a string that cannot be a model name is rejected before it is sent', async () => {
  let sent = 0;
  const ollama = createOllama({ transport: () => Promise.reject(sent++), sleep: async () => {}, now: () => 0 });
  const long = 'x'.repeat(1001);
  for (const [option, call] of [
    ['model', () => ollama.chat({ model: long, messages: [] })],
    ['model', () => ollama.embed({ model: long, input: ['a', 'b'] })],
    ['model', () => ollama.pull({ model: 5 as never })],
    ['name', () => ollama.show({ name: long })],
    ['source', () => ollama.copy({ source: long, destination: 'a' })],
    ['destination', () => ollama.copy({ source: 'a', destination: long })],
    ['from', () => ollama.create({ model: 'a', from: long })],
    [undefined, () => ollama.chat(undefined as never)],
    [undefined, () => ollama.show('llama3.2' as never)],
  ] as const) {
    const error = await call().then(
      () => undefined,
      (error: OllamaError) => error,
    );
    expect(error).toBeInstanceOf(OllamaError);
    expect(error?.code).toBe('bad_request');
    expect(error?.option).toBe(option);
    expect(error?.message.length).toBeLessThan(200);
  }
  expect(sent).toBe(0);
});
