import { describe, expect, test } from 'vitest';
import { OllamaError } from '../errors/errors.ts';
import type { Platform, TransportRequest } from '../platform.ts';
import type { ChatRequest, GenerateRequest } from '../schemas/interfaces.ts';
import { routes } from '../wire/routes.ts';
import { Calls } from './call.ts';
import { createClientContext } from './create-context.ts';

/** The calls of a client that gets these lines as its only answer. */
function callsOf(lines: readonly object[] = [], options: { host?: string; close?: Platform['close'] } = {}) {
  const requests: TransportRequest[] = [];
  async function* body() {
    yield new TextEncoder().encode(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  }
  const { host, close } = options;
  const client = createClientContext({
    transport: async (request) => {
      requests.push(request);
      return { status: 200, headers: { 'content-type': 'application/json' }, body: body() };
    },
    sleep: (_, signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    now: () => 0,
    ...(host !== undefined && { host }),
    ...(close && { close }),
  });
  return { calls: new Calls(client), requests };
}

const generated = (request: Partial<GenerateRequest>, ...lines: readonly object[]) =>
  callsOf(lines)
    .calls.generate({ model: 'asked', prompt: 'x', ...request } as never, {})
    .result() as Promise<object>;

const chatted = (request: Partial<ChatRequest>, ...lines: readonly object[]) =>
  callsOf(lines)
    .calls.chat({ model: 'asked', messages: [], ...request } as never, {})
    .result() as Promise<object>;

describe('an answer', () => {
  test('adds up its lines, and always has its notices', async () => {
    const lines = [
      { response: 'a', done: false },
      { response: 'b', done: true },
    ];
    expect(await generated({}, ...lines)).toEqual({ response: 'ab', done: true, notices: [] });
  });

  test('of a chat has a message', async () => {
    const lines = [
      { message: { role: 'assistant', content: 'a' }, done: false },
      { message: { role: 'assistant', content: 'b' }, done: true },
    ];
    const message = { role: 'assistant', content: 'ab' };
    expect(await chatted({}, ...lines)).toEqual({ message, done: true, notices: [] });
  });

  test('that was cut off says so on its last line, and nowhere before', async () => {
    const lines = [
      { response: 'a', done: false, done_reason: 'length' },
      { response: 'b', done: true, done_reason: 'length' },
    ];
    const stream = callsOf(lines).calls.generate({ model: 'asked', prompt: 'x' }, {});
    const seen: object[] = [];
    for await (const line of stream) seen.push(line);
    expect(seen[0]).not.toHaveProperty('notices');
    const { notices } = await stream.result();
    expect(notices).not.toEqual([]);
    expect(seen[1]).toMatchObject({ notices });
  });

  test('without notices has lines without them', async () => {
    const stream = callsOf([{ response: 'a', done: true }]).calls.generate({ model: 'asked', prompt: 'x' }, {});
    expect((await stream.next()).value).toEqual({ response: 'a', done: true });
  });
});

describe('the value of an answer', () => {
  const format = 'json';
  const tools = [{ type: 'function', function: { name: 'f' } }] as unknown as NonNullable<ChatRequest['tools']>;
  const whole = (content: string, more: object = {}) => ({
    message: { role: 'assistant', content },
    done: true,
    ...more,
  });

  test('is there if a format was asked for', async () => {
    expect(await generated({ format }, { response: '{"a":1}', done: true })).toMatchObject({ parsed: { a: 1 } });
    expect(await chatted({ format }, whole('{"a":1}'))).toMatchObject({ parsed: { a: 1 } });
    expect(await chatted({}, whole('{"a":1}'))).not.toHaveProperty('parsed');
  });

  test.each([
    ['loads the model', {}, { done_reason: 'load' }],
    ['unloads the model', {}, { done_reason: 'unload' }],
    ['calls a tool', { tools }, {}],
  ])('is not there if an empty answer %s', async (_, request, more) => {
    expect(await chatted({ format, ...request }, whole('', more))).not.toHaveProperty('parsed');
  });

  test.each([
    ['is empty', {}, whole('')],
    ['is empty, with no tools to call', { tools: [] }, whole('')],
    ['is text, even if it loads', {}, whole('text', { done_reason: 'load' })],
    ['is text, even with tools', { tools }, whole('text')],
  ])('is an error if the answer %s', async (_, request, line) => {
    await expect(chatted({ format, ...request }, line)).rejects.toMatchObject({
      code: 'bad_output',
      model: 'asked',
      partial: expect.objectContaining({ notices: [] }),
    });
  });

  test('is missed by the model that answered', async () => {
    await expect(chatted({ format }, whole('', { model: 'real' }))).rejects.toMatchObject({ model: 'real' });
  });
});

describe('a whole call', () => {
  test('uses the path of ollama.com only there', async () => {
    for (const [host, path] of [
      ['https://Ollama.com', '/api/web_search'],
      ['https://ollama.com.example', '/api/experimental/web_search'],
      [undefined, '/api/experimental/web_search'],
    ] as const) {
      const { calls, requests } = callsOf([{ results: [] }], host === undefined ? {} : { host });
      expect(await calls.whole(routes.webSearch, { query: 'x' }, {})).toEqual({ results: [] });
      expect(new URL(requests[0]?.url ?? '').pathname).toBe(path);
    }
    const { calls, requests } = callsOf([{ version: '1' }], { host: 'https://ollama.com' });
    await calls.whole(routes.version, undefined, {});
    expect(new URL(requests[0]?.url ?? '').pathname).toBe('/api/version');
  });

  test('fails only with errors of the client', async () => {
    const shape = () => {
      throw new RangeError('no');
    };
    await expect(callsOf([{}]).calls.whole({ ...routes.version, shape }, undefined, {})).rejects.toMatchObject({
      code: 'bad_line',
      cause: new RangeError('no'),
    });
    await expect(callsOf().calls.whole(routes.show, undefined, {})).rejects.toMatchObject({ code: 'bad_request' });
  });
});

test('progress ends with its last line', async () => {
  const { calls, requests } = callsOf([{ status: 'a' }, { status: 'success' }]);
  expect(await calls.progress(routes.pull, { model: 'm' }, {}).result()).toEqual({ status: 'success' });
  expect(JSON.parse(requests[0]?.body as string)).toMatchObject({ model: 'm' });
});

test('a request that cannot be written fails the first read', async () => {
  const stream = callsOf().calls.chat('text' as never, {});
  await expect(stream.next()).rejects.toMatchObject({ code: 'bad_request' });
});

describe('closing', () => {
  test('is left to the platform', async () => {
    let closed = 0;
    const close = async () => {
      closed += 1;
    };
    await callsOf([], { close }).calls.close();
    expect(closed).toBe(1);
    await callsOf().calls.close();
  });

  test('fails only with errors of the client', async () => {
    const failing = (cause: Error) => callsOf([], { close: () => Promise.reject(cause) }).calls.close();
    await expect(failing(new RangeError('no'))).rejects.toMatchObject({
      name: 'OllamaConnectionError',
      code: 'reset',
      message: 'The connections could not be closed.',
      cause: new RangeError('no'),
    });
    const known = new OllamaError('known', { code: 'tls' });
    await expect(failing(known)).rejects.toBe(known);
  });
});
