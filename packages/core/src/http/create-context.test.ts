import { expect, test } from 'vitest';
import type { CallFacts } from '../errors/call-facts.ts';
import type { ClientOptions } from '../options.ts';
import { createClientContext } from './create-context.ts';

let ms = 0;
const platform = { transport: () => new Promise<never>(() => {}), sleep: async () => {}, now: () => ms };
const contextOf = (options: ClientOptions = {}) => createClientContext({ ...platform, ...options });
const facts = { method: 'POST', path: '/api/chat' } as CallFacts;

const headersOf = (options: ClientOptions) => contextOf(options).headers.of(false, undefined, undefined, facts);

test('without options the server is on this machine, and a line has at most 64 MiB', () => {
  const context = contextOf();
  expect(context).toMatchObject({ url: 'http://127.0.0.1:11434', maxLineBytes: 67_108_864 });
  expect(context.watch).toBeUndefined();
  expect(context.clock).toEqual({ timer: expect.any(Function), now: platform.now });
  expect(contextOf({ maxLineBytes: 5, host: 'here:80' })).toMatchObject({ url: 'http://here:80', maxLineBytes: 5 });
});

test('a key becomes a header, unless the address or the headers have one', () => {
  expect(headersOf({})).toEqual({});
  expect(headersOf({ apiKey: ' ' })).toEqual({});
  expect(headersOf({ apiKey: 'k\n' })).toEqual({ authorization: 'Bearer k' });
  expect(headersOf({ apiKey: 'k', host: 'a:b@here' })).toEqual({ authorization: 'Basic YTpi' });
  expect(headersOf({ apiKey: 'k', headers: { Authorization: 'own', a: 'b' } })).toEqual({
    authorization: 'own',
    a: 'b',
  });
});

test('hooks hear of a request and of its response', () => {
  const heard: unknown[] = [];
  const onRequest = (event: unknown) => void heard.push(event);
  const onResponse = (event: unknown) => void heard.push(event);
  const request = { method: 'POST', path: '/api/chat', attempt: 2 };
  const run = (options: ClientOptions) => {
    heard.length = 0;
    ms = 100;
    const answered = contextOf(options).watch?.(facts, 2, () => {});
    ms = 130;
    answered?.(200);
    return [...heard];
  };
  const response = { ...request, status: 200, firstByteMs: 30 };
  expect(run({ onRequest, onResponse })).toEqual([request, response]);
  expect(run({ onRequest })).toEqual([request]);
  expect(run({ onResponse })).toEqual([response]);
});

test.each(['onRequest', 'onResponse'] as const)('%s that fails ends the call', async (name) => {
  const run = (hook: () => unknown, fail = (_: unknown) => {}) =>
    contextOf({ [name]: hook } as ClientOptions).watch?.(facts, 0, fail)(200);
  const error = { code: 'hook_failed', message: expect.stringContaining(`${name} threw an error (POST /api/chat`) };
  expect(() =>
    run(() => {
      throw new RangeError('no');
    }),
  ).toThrow(expect.objectContaining(error));
  const failed = new Promise((resolve) => run(() => Promise.reject(new RangeError('no')), resolve));
  expect(await failed).toMatchObject(error);
});
