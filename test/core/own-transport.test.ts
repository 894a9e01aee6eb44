import { setImmediate } from 'node:timers/promises';
import {
  createOllama,
  type Ollama,
  OllamaError,
  type Transport,
  type TransportResponse,
} from '@ollama-toolbelt/core/neutral';
import { gate } from '@ollama-toolbelt/ollama-server';
import { describe, expect, test } from 'vitest';
import { calls } from '../fixtures/core/calls.ts';
import { failureOf } from '../fixtures/core/failure.ts';
import { watchRejections } from '../fixtures/core/rejections.ts';

/** A client on a transport that may do anything. */
const on = (transport: unknown): Ollama =>
  createOllama({
    transport: transport as Transport,
    retry: false,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(resolve, ms);
        signal.addEventListener('abort', () => {
          clearTimeout(timer);
          reject(signal.reason);
        });
      }),
    now: () => performance.now(),
  });

const answer = (body: unknown, more: object = {}) => ({
  status: 200,
  headers: { 'content-type': 'application/json' },
  body,
  ...more,
});
const withIterator = (iterator: object) => answer({ [Symbol.asyncIterator]: () => iterator });
const boom = () => {
  throw new Error('boom');
};

const cases: Record<string, { transport: unknown; code?: string }> = {
  'throws at once': { transport: boom },
  'throws what is not an error': {
    transport: () => {
      throw undefined;
    },
  },
  'is not a function': { transport: 'fetch' },
  'rejects later': { transport: () => Promise.reject(new Error('boom')) },
  'gives nothing': { transport: () => undefined, code: 'hook_failed' },
  'gives a text': { transport: () => 'hello', code: 'hook_failed' },
  'gives no status': { transport: async () => ({ headers: {}, body: [] }), code: 'hook_failed' },
  'gives no headers': { transport: async () => ({ status: 200, body: [] }), code: 'hook_failed' },
  'gives headers of numbers': {
    transport: async () => answer([], { headers: { 'retry-after': 1 } }),
    code: 'hook_failed',
  },
  'gives a Headers object': {
    transport: async () => answer([], { headers: new Headers({ a: 'b' }) }),
    code: 'hook_failed',
  },
  'gives no body': { transport: async () => answer(undefined), code: 'hook_failed' },
  'gives a body that throws when it is iterated': {
    transport: async () => answer({ [Symbol.asyncIterator]: boom }),
  },
  'gives a body without next': { transport: async () => withIterator({}), code: 'reset' },
  'gives a next that throws at once': { transport: async () => withIterator({ next: boom }), code: 'reset' },
  'gives a next that rejects': {
    transport: async () => withIterator({ next: () => Promise.reject(new Error('boom')) }),
    code: 'reset',
  },
  'gives pieces of text': {
    transport: async () => withIterator({ next: async () => ({ done: false, value: '{}' }) }),
    code: 'hook_failed',
  },
  'gives no result of next': {
    transport: async () => withIterator({ next: async () => undefined }),
    code: 'hook_failed',
  },
  'gives a return that throws at once': {
    transport: async () => withIterator({ next: boom, return: boom }),
    code: 'reset',
  },
  'gives a return that rejects': {
    transport: async () => withIterator({ next: boom, return: () => Promise.reject(new Error('boom')) }),
    code: 'reset',
  },
  'gives a return that is not a promise': {
    transport: async () => withIterator({ next: boom, return: () => 5 }),
    code: 'reset',
  },
  'gives a return that never ends': {
    transport: async () => withIterator({ next: boom, return: () => new Promise(() => {}) }),
    code: 'reset',
  },
};

describe.each(Object.entries(cases))('a transport that %s', (_, { transport, code }) => {
  test.each(calls)('$name fails with an OllamaError', async (call) => {
    using rejections = watchRejections();
    expect(await failureOf(call.whole(on(transport)))).toMatchObject(code === undefined ? {} : { code });
    if (call.stream) {
      expect(await failureOf(call.stream(on(transport)))).toMatchObject(code === undefined ? {} : { code });
      expect(await failureOf(call.stream(on(transport)).result())).toMatchObject(code === undefined ? {} : { code });
    }
    expect(await rejections.all()).toEqual([]);
  });
});

describe('a transport that ignores its signal', () => {
  const never = () => new Promise<never>(() => {});
  const silent = {
    'before the head': never,
    'in the body': async () => withIterator({ next: never, return: never }),
  };
  test.each(Object.entries(silent))('is abandoned at the deadline, %s', async (_, transport) => {
    const ollama = on(transport);
    const timeouts = { totalMs: 20 };
    for (const call of calls) {
      expect(await failureOf(call.whole(ollama, { timeouts }))).toMatchObject({ code: 'timeout', limit: 'total' });
    }
  });
  test.each(Object.entries(silent))('is abandoned when the caller cancels, %s', async (_, transport) => {
    const ollama = on(transport);
    for (const call of calls) {
      const controller = new AbortController();
      const failed = failureOf(call.whole(ollama, { signal: controller.signal }));
      controller.abort(new Error('enough'));
      expect(await failed).toMatchObject({ code: 'aborted', cause: controller.signal.reason });
    }
  });
  test('is abandoned when the reader leaves the stream', async () => {
    const stream = on(silent['in the body']).chatStream({ model: 'a', messages: [] });
    const next = stream.next();
    await stream.return();
    expect(await next).toEqual({ done: true, value: undefined });
  });
});

test('pieces without `done`, as iterators may return them, are read', async () => {
  const pieces = [{ value: new TextEncoder().encode('{"version":"1"}') }, { done: true, value: undefined }];
  const body = { [Symbol.asyncIterator]: () => ({ next: async () => pieces.shift() }) };
  const response = answer(body) as unknown as TransportResponse;
  expect(await on(async () => response).version()).toEqual({ version: '1' });
});

/** A response in these pieces, each a text or bytes. */
const inPieces = (...pieces: (string | Uint8Array)[]) =>
  answer(
    (async function* () {
      for (const piece of pieces) yield typeof piece === 'string' ? new TextEncoder().encode(piece) : piece;
    })(),
  );
const line = (content: string, done = false) => `${JSON.stringify({ model: 'm', message: { content }, done })}\n`;
const question = { model: 'm', messages: [] };

test('text after the last line in the same piece is ignored', async () => {
  const ollama = on(async () => inPieces(line('a'), line('b', true) + line('c') + line('d', true)));
  const contents: string[] = [];
  for await (const { message } of ollama.chatStream(question)) contents.push(message.content);
  expect(contents).toEqual(['a', 'b']);
});

test('good lines before a bad one in the same piece are delivered', async () => {
  const stream = on(async () => inPieces(`${line('a') + line('b')}oops\n`)).chatStream(question);
  expect(await stream.next()).toMatchObject({ value: { message: { content: 'a' } } });
  expect(await stream.next()).toMatchObject({ value: { message: { content: 'b' } } });
  expect(await failureOf(stream.next())).toMatchObject({
    code: 'bad_line',
    partial: { message: { content: 'ab' } },
  });
});

test('a complete answer that ends in the middle of a character is truncated', async () => {
  const half = Uint8Array.of(0xe2, 0x82);
  const ollama = on(async () => inPieces('{"version":"1"}', half));
  expect(await failureOf(ollama.version())).toMatchObject({ code: 'truncated' });
});

test('only the beginning of an endless error is read', async () => {
  const piece = new TextEncoder().encode('x'.repeat(1024));
  let read = 0;
  let isLeft = false;
  const body = {
    next: async () => {
      read += 1;
      // An end for the test, if the client does not stop.
      return read > 1000 ? { done: true, value: undefined } : { done: false, value: piece };
    },
    return: async () => {
      isLeft = true;
      return { done: true, value: undefined };
    },
  };
  const ollama = on(async () => ({ ...withIterator(body), status: 500 }));
  expect(await failureOf(ollama.version())).toMatchObject({ code: 'server_error', status: 500 });
  expect(read).toBeLessThanOrEqual(66);
  expect(isLeft).toBe(true);
});

test('waits for the end of a response after its last line, so its connection can be reused', async () => {
  const pieces = [{ done: false, value: new TextEncoder().encode(line('a', true)) }];
  let isLeft = false;
  const body = {
    next: async () => pieces.shift() ?? setImmediate({ done: true, value: undefined }),
    return: async () => {
      isLeft = true;
      return { done: true, value: undefined };
    },
  };
  let signal: AbortSignal | undefined;
  const transport = async (_: unknown, given: AbortSignal) => {
    signal = given;
    return withIterator(body);
  };
  expect(await on(transport).chat(question)).toMatchObject({ message: { content: 'a' } });
  expect({ isLeft, isAborted: signal?.aborted }).toEqual({ isLeft: false, isAborted: false });
});

test('leaving a stream while an error response is read causes no retry', async () => {
  let requests = 0;
  const begun = gate();
  const ollama = createOllama({
    transport: async () => {
      requests += 1;
      const next = () => {
        void begun.pass(new AbortController().signal);
        return new Promise(() => {});
      };
      return { ...withIterator({ next }), status: 503 } as unknown as TransportResponse;
    },
    timeouts: { idleMs: 0 },
    sleep: async () => {},
    now: () => 0,
  });
  const stream = ollama.chatStream(question);
  const read = stream.next();
  await begun.reached;
  await stream.return();
  expect(await read).toEqual({ done: true, value: undefined });
  await setImmediate();
  expect(requests).toBe(1);
});

test('a piece that arrives with the abort is not delivered', async () => {
  const controller = new AbortController();
  const abort = () => controller.abort(new Error('enough'));
  const piece = {
    done: false,
    get value() {
      abort();
      return new TextEncoder().encode(line('late'));
    },
  };
  const stream = on(async () => withIterator({ next: async () => piece })).chatStream(question, {
    signal: controller.signal,
  });
  expect(await failureOf(stream.next())).toMatchObject({ code: 'aborted', phase: 'body' });
});

test('a long call has one total deadline, and its requests have none of their own', async () => {
  const waits: number[] = [];
  const reply = async ({ method, url }: { method: string; url: string }) => {
    if (method === 'HEAD') return { ...inPieces(), status: 404 };
    return url.endsWith('/create') ? inPieces('{"status":"success"}') : inPieces('');
  };
  const ollama = createOllama({
    transport: reply as unknown as Transport,
    sleep: (ms, signal) => {
      waits.push(ms);
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    },
    now: () => 0,
  });
  const deadlines = () => waits.splice(0).filter((ms) => ms === 7000 || ms === 30_000);
  const call = { timeouts: { totalMs: 7000 } };
  await ollama.blobs.upload(new Uint8Array(10), call);
  expect(deadlines()).toEqual([7000]);
  await ollama.create({ model: 'm', modelfile: 'FROM a' }, call);
  expect(deadlines()).toEqual([7000]);
  // Quick routes have one by default, which does not apply to the parts of a long call.
  await ollama.blobs.upload(new Uint8Array(10));
  expect(deadlines()).toEqual([]);
});

test.each([
  ['a key', { apiKey: 'two\nSEKRET' }],
  ['a header', { headers: { 'x-own': 'two\nSEKRET' } }],
])('%s that no header can hold does not reach the transport, whose error may quote it', async (_, options) => {
  let requests = 0;
  const ollama = createOllama({
    ...options,
    transport: async ({ headers }) => {
      requests += 1;
      throw new TypeError(`bad value ${JSON.stringify(headers)}`);
    },
    sleep: boom,
    now: () => 0,
    retry: false,
  });
  expect(await failureOf(ollama.chat(question))).toMatchObject({ code: 'bad_request' });
  expect(requests).toBe(0);
});

test('an error in close is an OllamaError too', async () => {
  const ollama = createOllama({ transport: boom, sleep: boom, now: boom, close: boom });
  await expect(ollama.close()).rejects.toBeInstanceOf(OllamaError);
});

test('an endless body that never pauses is cancelled, so the program’s timers keep running', async () => {
  let given = 0;
  const endless = withIterator({
    next: async () => {
      given += 1;
      return { done: false, value: new Uint8Array(1000) };
    },
  });
  await on(async () => endless).blobs.has(`sha256:${'0'.repeat(64)}`);
  expect(given).toBeLessThan(1000);
});
