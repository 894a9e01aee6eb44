import { Readable } from 'node:stream';
import { createOllama, OllamaError } from '@ollama-toolbelt/core/fetch';
import { faults, raw, startScripted } from '@ollama-toolbelt/ollama-server';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { calls, chunksOf } from '../fixtures/core/calls.ts';
import { failureOf } from '../fixtures/core/failure.ts';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** A response as in React Native: no stream, and headers that can only be looked up. */
const withoutBody: Fetch = async (url, init) => {
  const { status, type, headers, ...response } = await fetch(url, init).then((real) => ({
    status: real.status,
    type: real.type,
    headers: real.headers,
    text: () => real.text(),
  }));
  const only = { forEach: headers.forEach.bind(headers) };
  return { status, type, headers: only, ...response } as unknown as Response;
};

/** A response as in node-fetch: a Node stream. */
const withNodeStream: Fetch = async (url, init) => {
  const real = await fetch(url, init);
  const body = real.body && Readable.fromWeb(real.body as never);
  return { status: real.status, type: real.type, headers: real.headers, body, text: () => '' } as unknown as Response;
};

describe.each([
  ['no body', withoutBody],
  ['a Node stream', withNodeStream],
])('a fetch whose response has %s', (_, own) => {
  test.each(calls)('$name returns the response', async (call) => {
    await using first = await startScripted();
    await using second = await startScripted();
    const withoutTimes = (answer: object) => ({ ...answer, created_at: '' });
    const expected = await call.whole(createOllama({ host: first.host }));
    const old = createOllama({ host: second.host, fetch: own });
    expect(withoutTimes(await call.whole(old))).toEqual(withoutTimes(expected));
    if (call.stream) expect((await chunksOf(call.stream(old))).length).toBeGreaterThan(0);
  });

  test('faults are the same as elsewhere', async () => {
    await using server = await startScripted();
    const ollama = createOllama({ host: server.host, fetch: own, retry: false });
    server.on('GET /api/version', faults.serverBusy());
    expect(await failureOf(ollama.version())).toMatchObject({ code: 'server_busy', status: 503 });
    server.on('GET /api/version', raw({ headers: { 'Content-Type': 'application/json' }, body: ['{"version":'] }));
    expect(await failureOf(ollama.version())).toMatchObject({ code: 'truncated' });
    server.on('GET /api/version', faults.stallAfterHeaders());
    const timeouts = { totalMs: 50 };
    expect(await failureOf(ollama.version({ timeouts }))).toMatchObject({ code: 'timeout', limit: 'total' });
    await server.allClosed();
  });
});

test('works without URL.canParse, AbortSignal.any and throwIfAborted', async () => {
  await using server = await startScripted();
  class OldUrl extends URL {}
  Object.assign(OldUrl, { canParse: undefined });
  vi.stubGlobal('URL', OldUrl);
  const { any } = AbortSignal;
  const { throwIfAborted } = AbortSignal.prototype;
  Object.assign(AbortSignal, { any: undefined });
  Object.assign(AbortSignal.prototype, { throwIfAborted: undefined });
  try {
    const ollama = createOllama({ host: server.host });
    const { signal } = new AbortController();
    for (const call of calls) if (call.name !== 'delete') await call.whole(ollama, { signal });
    await ollama.embed({ model: 'embedding-model', input: Array.from({ length: 40 }, String) }, { signal });
    await ollama.conversation({ model: 'chat-model' }).send('Hello', { signal });
    await ollama.blobs.upload(new Uint8Array(3), { signal });
    expect(() => createOllama({ host: 'exa<mple' })).toThrow(OllamaError);
    const gone = new AbortController();
    gone.abort();
    expect(await failureOf(ollama.version({ signal: gone.signal }))).toMatchObject({ code: 'aborted' });
  } finally {
    Object.assign(AbortSignal, { any });
    Object.assign(AbortSignal.prototype, { throwIfAborted });
  }
});

test.each(['fetch', 'AbortController', 'URL', 'TextEncoder', 'TextDecoder'])(
  'a platform without %s gets an error when the client is created',
  (name) => {
    vi.stubGlobal(name, undefined);
    const make = () => createOllama({ host: '127.0.0.1:11434' });
    expect(make).toThrow(OllamaError);
    expect(make).toThrow(expect.objectContaining({ code: 'unsupported', hint: expect.stringContaining('polyfill') }));
    expect(make).toThrow(new RegExp(`lacks what the client needs: ${name}`));
  },
);

test('a decoder that accepts invalid characters is an error too', () => {
  vi.stubGlobal('TextDecoder', class {});
  expect(() => createOllama()).toThrow(/TextDecoder with { fatal: true }/);
});
