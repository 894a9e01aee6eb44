import { createOllama, type Ollama, OllamaError, type Transport, type TransportResponse } from '@ollama-toolbelt/core';
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
  'gives a return that is no promise': {
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

describe('a transport that never looks at its signal', () => {
  const never = () => new Promise<never>(() => {});
  const silent = {
    'before the head': never,
    'in the body': async () => withIterator({ next: never, return: never }),
  };
  test.each(Object.entries(silent))('is given up with the deadline, %s', async (_, transport) => {
    const ollama = on(transport);
    const timeouts = { totalMs: 20 };
    for (const call of calls) {
      expect(await failureOf(call.whole(ollama, { timeouts }))).toMatchObject({ code: 'timeout', limit: 'total' });
    }
  });
  test.each(Object.entries(silent))('is given up with the caller, %s', async (_, transport) => {
    const ollama = on(transport);
    for (const call of calls) {
      const controller = new AbortController();
      const failed = failureOf(call.whole(ollama, { signal: controller.signal }));
      controller.abort(new Error('enough'));
      expect(await failed).toMatchObject({ code: 'aborted', cause: controller.signal.reason });
    }
  });
  test('is given up when the stream is left', async () => {
    const stream = on(silent['in the body']).chatStream({ model: 'a', messages: [] });
    const next = stream.next();
    await stream.return();
    expect(await next).toEqual({ done: true, value: undefined });
  });
});

test('pieces without `done`, as iterators may give them, are read', async () => {
  const pieces = [{ value: new TextEncoder().encode('{"version":"1"}') }, { done: true, value: undefined }];
  const body = { [Symbol.asyncIterator]: () => ({ next: async () => pieces.shift() }) };
  const response = answer(body) as unknown as TransportResponse;
  expect(await on(async () => response).version()).toEqual({ version: '1' });
});

test('what close throws is an OllamaError too', async () => {
  const ollama = createOllama({ transport: boom, sleep: boom, now: boom, close: boom });
  await expect(ollama.close()).rejects.toBeInstanceOf(OllamaError);
});
