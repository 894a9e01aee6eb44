import { createOllama as createOnFetch } from '@ollama-toolbelt/core/fetch';
import { createOllama as createNeutral, type Ollama } from '@ollama-toolbelt/core/neutral';
import { createOllama } from '@ollama-toolbelt/core/node';
import { startScripted } from '@ollama-toolbelt/ollama-server';
import { describe, expect, test } from 'vitest';
import { failureOf } from '../fixtures/core/failure.ts';

const made = async (create: (options: never) => Ollama, options: object) => create(options as never);

describe('an option that createOllama does not have', () => {
  test.each([
    [{ baseURL: 'http://x' }, 'baseURL', /Did you mean host\?/],
    [{ baseUrl: 'http://x' }, 'baseUrl', /Did you mean host\?/],
    [{ hosts: 'x' }, 'hosts', /Did you mean host\?/],
    [{ token: 'x' }, 'token', /Did you mean apiKey\?/],
    [{ api_key: 'x' }, 'api_key', /Did you mean apiKey\?/],
    [{ timeout: 5 }, 'timeout', /Did you mean timeouts\.totalMs\?/],
    [{ timeouts: { totalMS: 5 } }, 'timeouts.totalMS', /Did you mean timeouts\.totalMs\?/],
    [{ retry: { attempt: 5 } }, 'retry.attempt', /Did you mean retry\.attempts\?/],
    [{ maxRetries: 5 }, 'maxRetries', /Did you mean retry\.attempts\?/],
    [{ pool: { size: 5 } }, 'pool.size', /There are: connections\./],
    [{ rateLimit: { calls: 1, period: 5 } }, 'rateLimit.period', /Did you mean rateLimit\.periodMs\?/],
    [{ fetch: () => {} }, 'fetch', /core\/fetch takes it/],
    [{ model: 'llama3.2' }, 'model', /belongs in each request/],
    [{ signal: new AbortController().signal }, 'signal', /is an option of a call/],
    [{ ['x'.repeat(5000)]: 1 }, `${'x'.repeat(60)}…`, /There are: host, /],
  ])('%j', async (options, option, hint) => {
    const error = await failureOf(made(createOllama, options));
    expect(error).toMatchObject({ code: 'bad_request', option });
    expect(error.hint).toMatch(hint);
    expect(error.message.length).toBeLessThan(200);
  });

  test('depends on the entry', async () => {
    expect(await failureOf(made(createOnFetch, { proxy: 'http://x' }))).toMatchObject({
      option: 'proxy',
      hint: expect.stringContaining('core/node'),
    });
    const platform = { transport: async () => {}, sleep: async () => {}, now: () => 0 };
    expect(await failureOf(made(createNeutral, { ...platform, ca: 'x' }))).toMatchObject({ option: 'ca' });
    expect((await made(createNeutral, platform)).url).toContain('127.0.0.1');
  });

  test.each([
    [{ host: 5 }, 'host'],
    [{ timeouts: 5000 }, 'timeouts'],
    [{ timeouts: { totalMs: '5s' } }, 'timeouts.totalMs'],
    [{ timeouts: { totalMs: Number.NaN } }, 'timeouts.totalMs'],
    [{ retry: 3 }, 'retry'],
    [{ retry: true }, 'retry'],
    [{ concurrency: '4' }, 'concurrency'],
    [{ onRequest: 'x' }, 'onRequest'],
    [{ proxy: true }, 'proxy'],
    [{ insecure: 'yes' }, 'insecure'],
    [{ pool: 5 }, 'pool'],
    [{ maxLineBytes: '1 MB' }, 'maxLineBytes'],
  ])('or that is of another kind: %j', async (options, option) => {
    const error = await failureOf(made(createOllama, options));
    expect(error).toMatchObject({ code: 'bad_request', option, hint: expect.stringContaining(`${option} takes `) });
  });

  test.each([
    {},
    { host: undefined, apiKey: null, timeouts: null, retry: undefined, pool: {} },
    { retry: false, proxy: false, timeouts: { totalMs: Number.POSITIVE_INFINITY, idleMs: 0 } },
  ])('%j is right', async (options) => {
    await using ollama = createOllama(options as never);
    expect(ollama.url).toMatch(/^http/);
  });
});

describe('an option that a call does not have', () => {
  const ways: readonly (readonly [
    string,
    (ollama: Ollama, call: never) => Promise<unknown> | AsyncIterable<unknown>,
  ])[] = [
    ['chat', (ollama, call) => ollama.chat({ model: 'm', messages: [] }, call)],
    ['generateStream', (ollama, call) => ollama.generateStream({ model: 'm' }, call)],
    ['embed', (ollama, call) => ollama.embed({ model: 'm', input: ['a', 'b'] }, call)],
    ['pull', (ollama, call) => ollama.pull({ model: 'm' }, call)],
    ['create', (ollama, call) => ollama.create({ model: 'm', modelfile: 'FROM x' }, call)],
    ['list', (ollama, call) => ollama.list(call)],
    ['blobs.upload', (ollama, call) => ollama.blobs.upload(new Uint8Array(3), call)],
    ['load', (ollama, call) => ollama.load({ model: 'm' }, call)],
    ['conversation', (ollama, call) => ollama.conversation({ model: 'm' }).send('x', call)],
  ];

  test.each(ways)('%s', async (_, call) => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host });
    for (const [options, option, hint] of [
      [{ timeout: 5 }, 'timeout', /timeouts\.totalMs/],
      [{ sginal: undefined }, 'sginal', /Did you mean signal\?/],
      [{ abortSignal: undefined }, 'abortSignal', /Did you mean signal\?/],
      [{ timeouts: { total: 5 } }, 'timeouts.total', /totalMs/],
      [{ apiKey: 'x' }, 'apiKey', /createOllama takes it/],
    ] as const) {
      const error = await failureOf(call(ollama, options as never));
      expect(error).toMatchObject({ code: 'bad_request', option });
      expect(error.hint).toMatch(hint);
    }
    expect(server.requests).toHaveLength(0);
  });
});

test('a conversation distinguishes an unknown option from a field of a newer server', async () => {
  await using server = await startScripted();
  await using ollama = createOllama({ host: server.host });
  const conversation = async (options: object) => ollama.conversation({ model: 'chat-model', ...options });
  expect(await failureOf(conversation({ maxRound: 3 }))).toMatchObject({
    code: 'bad_request',
    option: 'maxRound',
    hint: 'Did you mean maxRounds?',
  });
  server.chat({ text: 'Hi' });
  await (await conversation({ new_field: 3 })).send('Hello!');
  expect(server.lastRequest.body).toMatchObject({ new_field: 3 });
});

describe('the option fetch', () => {
  test('is used for every request, streamed or not', async () => {
    await using server = await startScripted();
    const seen: string[] = [];
    const given = (url: string, init: RequestInit) => {
      seen.push(`${init.method} ${url.replace(server.host, '')}`);
      return fetch(url, init);
    };
    await using ollama = createOnFetch({ host: server.host, fetch: given });
    await ollama.version();
    for await (const _ of ollama.generateStream({ model: 'chat-model', prompt: 'Hello!' })) break;
    expect(seen).toEqual(['GET /api/version', 'POST /api/generate']);
  });

  test('an error it throws, at once or later, is an error of the client', async () => {
    const reason = Object.assign(new Error('no'), { code: 'ECONNREFUSED' });
    const throwing = () => {
      throw reason;
    };
    for (const given of [throwing, async () => throwing()]) {
      await using ollama = createOnFetch({ host: 'http://127.0.0.1:1', fetch: given });
      expect(await failureOf(ollama.version())).toMatchObject({ code: 'refused', cause: reason });
    }
  });

  test('must be a function', async () => {
    const error = await failureOf(made(createOnFetch, { fetch: 'x' }));
    expect(error).toMatchObject({ code: 'bad_request', option: 'fetch', hint: 'fetch takes a function.' });
  });

  test('accepts the platform’s own fetch', async () => {
    await using server = await startScripted();
    await using ollama = createOnFetch({ host: server.host, fetch: globalThis.fetch });
    expect(await ollama.version()).toMatchObject({ version: expect.any(String) });
  });
});
