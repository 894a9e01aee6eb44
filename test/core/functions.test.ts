import { createOllama, OllamaAbortError, type OllamaError, parseHost } from '@ollama-toolbelt/core/fetch';
import { type Connection, chat, chatStream, connect, type FunctionCallOptions } from '@ollama-toolbelt/core/functions';
import { faults } from '@ollama-toolbelt/ollama-server';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { chunksOf } from '../fixtures/core/calls.ts';
import { failureOf } from '../fixtures/core/failure.ts';
import { faultCalls } from '../fixtures/faults/fault-calls.ts';
import { startFaultServer } from '../fixtures/faults/fault-server.ts';
import {
  bodies,
  midStream,
  statuses,
  unknownModel,
  unreachable,
  withoutAnswer,
} from '../fixtures/faults/faults-table.ts';
import { watchTimers } from '../fixtures/faults/pending-timers.ts';
import { useScripted } from '../fixtures/scripted.ts';

const fresh = useScripted();
const request = { model: 'chat-model', messages: [{ role: 'user' as const, content: 'Hello!' }] };

const chatCall = faultCalls.find(({ name }) => name === 'chat')!;
const forms: [string, (connection: Connection, call?: FunctionCallOptions) => Promise<unknown>][] = [
  ['chat', (connection, call) => chat(connection, request, call)],
  ['chatStream', async (connection, call) => (await chunksOf(chatStream(connection, request, call))).at(-1)],
];

test('they return what the methods return, except for notices', async () => {
  const ollama = createOllama({ host: fresh.server.host });
  const server = connect({ url: fresh.server.host });
  expect(server.url).toBe(ollama.url);
  const same = ({ message, done, done_reason }: Awaited<ReturnType<typeof chat>>) => ({ message, done, done_reason });
  expect(same(await chat(server, request))).toEqual(same(await ollama.chat(request)));
  const stream = chatStream(server, request);
  const chunks = await chunksOf(stream);
  expect(chunks.length).toBeGreaterThan(1);
  expect((await stream.result()).message.content).toBe(chunks.map(({ message }) => message.content).join(''));
  expect(fresh.server.requests.map(({ raw }) => JSON.parse(raw.toString()).stream)).toEqual([true, true, true]);
});

test('headers of the connection and of a call are sent, and those of the call win', async () => {
  const server = connect({
    url: `${fresh.server.host}/`,
    authorization: 'Bearer k',
    headers: { 'x-a': '1', 'x-b': '1' },
  });
  await chat(server, request, { headers: { 'x-b': '2' } });
  expect(fresh.server.requests[0]?.headers).toMatchObject({ authorization: 'Bearer k', 'x-a': '1', 'x-b': '2' });
});

describe.each(forms)('%s fails as the method does', (_, form) => {
  const all = [...unreachable, ...withoutAnswer, ...statuses, ...bodies, ...midStream, unknownModel];
  test.each(all)('$name', async (fault) => {
    const call = fault.timeouts ? { timeouts: fault.timeouts } : {};
    const same = { retry: false as const, maxLineBytes: 1000 };
    /** A new server each time: a cancelled request may arrive late, and take the fault of the next one. */
    const rest = async (run: (host: string) => Promise<unknown>) => {
      await using faulty = await startFaultServer(fault);
      faulty.failNext(chatCall);
      using timers = watchTimers();
      const error = await failureOf(run(faulty.host));
      expect(timers.count, 'timers that are left').toBe(0);
      return facts(error, faulty.host);
    };
    const method = await rest((host) => createOllama({ host, ...same }).chat(request, call));
    expect(await rest((host) => form(connect({ url: host, ...same }), call))).toEqual(method);
  });
});

/** Everything an error reports, except times and what the platform itself reported. */
function facts(error: OllamaError, host: string): unknown {
  const { cause: _, partial, ...rest } = error;
  const { created_at: __, ...came } = (partial ?? {}) as { created_at?: string };
  const all = { ...rest, class: error.constructor.name, message: error.message, came };
  return JSON.parse(JSON.stringify(all).replaceAll(host, 'http://server'));
}

test('a busy server gets a retry', async () => {
  fresh.server.chat(faults.serverBusy());
  const { message } = await chat(connect({ url: fresh.server.host, retry: { minDelayMs: 1 } }), request);
  expect(message.role).toBe('assistant');
  expect(fresh.server.requests).toHaveLength(2);
});

test.each(forms)('%s ends with its signal, and the server sees it', async (_, form) => {
  fresh.server.chat(faults.stallMidStream());
  const controller = new AbortController();
  const call = failureOf(form(connect({ url: fresh.server.host }), { signal: controller.signal }));
  await expect.poll(() => fresh.server.requests.length).toBe(1);
  controller.abort('enough');
  const error = await call;
  expect(error).toBeInstanceOf(OllamaAbortError);
  expect(error).toMatchObject({ code: 'aborted', cause: 'enough' });
  expect(await fresh.server.lastRequest.closed).toBe('aborted');
});

test('leaving a stream closes its connection', async () => {
  fresh.server.chat(faults.stallMidStream());
  for await (const _ of chatStream(connect({ url: fresh.server.host }), request)) break;
  expect(await fresh.server.lastRequest.closed).toBe('aborted');
});

describe('addresses', () => {
  test.each([
    ['http://127.0.0.1:11434', 'http://127.0.0.1:11434'],
    ['https://example.com/ollama/', 'https://example.com/ollama'],
    [undefined, 'http://127.0.0.1:11434'],
  ])('%s', (url, expected) => {
    expect(connect(url === undefined ? {} : { url }).url).toBe(expected);
  });

  test.each(['127.0.0.1:11434', 'http://me:secret@127.0.0.1', 'http://h/?key=secret', 'http://h/a b', 'ftp://h', ''])(
    'refused, and not quoted: %s',
    (url) => {
      expect(() => connect({ url })).toThrow(
        expect.objectContaining({ code: 'bad_host', message: 'The address of the Ollama server is not a plain one.' }),
      );
    },
  );

  test('the result of parseHost is an address with its credentials', async () => {
    const { port } = new URL(fresh.server.host);
    await chat(connect(parseHost(`me:secret@127.0.0.1:${port}`)), request);
    expect(fresh.server.requests[0]?.headers['authorization']).toBe(`Basic ${btoa('me:secret')}`);
  });
});

test.each([
  ['no request', undefined as unknown as typeof request, {}, 'The request does not name a model.'],
  ['no model', { ...request, model: undefined as unknown as string }, {}, 'The request does not name a model.'],
  ['text in place of a model name', { ...request, model: 'x'.repeat(1001) }, {}, 'The request does not name a model.'],
  [
    'a value that JSON cannot express',
    { ...request, think: 1n as never },
    {},
    'The request cannot be written as JSON.',
  ],
  [
    'a controller instead of its signal',
    request,
    { signal: new AbortController() as never },
    'signal is not an AbortSignal.',
  ],
  ['a header with a line end', request, { headers: { 'x-a': 'a\nb' } }, 'The header "x-a" holds a character'],
])('%s is refused before anything is sent', async (_, given, call, message) => {
  const error = await failureOf(chat(connect({ url: fresh.server.host }), given, call));
  expect(error).toMatchObject({ code: 'bad_request', message: expect.stringContaining(message) });
  expect(fresh.server.requests).toHaveLength(0);
});

describe('if the code that explains errors cannot be loaded', () => {
  afterEach(() => {
    vi.doUnmock('../../packages/core/src/functions/failing.ts');
    vi.resetModules();
  });

  test.each([
    ['a truncated answer', () => faults.cutMidLine(), 'truncated'],
    ['a missing model', () => faults.modelNotFound(), 'server_error'],
  ])('the code of an error is there all the same: %s', async (_, reply, code) => {
    vi.resetModules();
    vi.doMock('../../packages/core/src/functions/failing.ts', () => {
      throw new Error('offline');
    });
    const alone = await import('@ollama-toolbelt/core/functions');
    fresh.server.chat(reply());
    const error = await alone.chat(alone.connect({ url: fresh.server.host }), request).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(alone.OllamaError);
    expect(error.code).toBe(code);
  });
});
