import { getEventListeners } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { OllamaError } from '../errors/errors.ts';
import type { CallOptions, ClientOptions } from '../options.ts';
import {
  type CallbackBody,
  lightTransport,
  type Platform,
  pullPiece,
  type Transport,
  type TransportRequest,
} from '../platform.ts';
import type { Route } from '../wire/route.ts';
import { Cancel } from './cancel.ts';
import type { ClientContext } from './client-context.ts';
import { createClientContext } from './create-context.ts';
import { Exchange, type Outgoing } from './exchange.ts';

const route: Route = { method: 'POST', path: '/api/chat', answer: 'chunks', runs: true };
const json = { 'content-type': 'application/json' };
const bytes = (text: string) => new TextEncoder().encode(text);
const reason = new RangeError('changed my mind');
const never = () => new Promise<never>(() => {});

/** A body that gives these pieces, and then waits forever, ends or fails. */
class Body {
  readonly #pieces: readonly Uint8Array[];
  readonly #end: () => Promise<IteratorResult<Uint8Array>>;
  pulls = 0;
  left = 0;

  constructor(pieces: readonly Uint8Array[] = [], end: 'ends' | 'waits' | Error = 'ends') {
    this.#pieces = pieces;
    this.#end = async () => {
      if (end instanceof Error) throw end;
      return end === 'waits' ? never() : { done: true, value: undefined };
    };
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    return {
      next: async () => {
        const value = this.#pieces[this.pulls];
        this.pulls += 1;
        return value === undefined ? this.#end() : { done: false, value };
      },
      return: async () => {
        this.left += 1;
        return { done: true, value: undefined };
      },
    };
  }
}

const answer = (body: Body, status = 200, headers: Record<string, string> = json) => ({ status, headers, body });

interface Sent {
  request: TransportRequest;
  signal: AbortSignal;
}

/** A client whose requests get these answers in turn, with a clock that is set by hand. */
function clientOf(
  answers: readonly (() => unknown)[],
  options: ClientOptions & { sleep?: Platform['sleep']; transport?: Transport } = {},
) {
  const sent: Sent[] = [];
  const sleeps: number[] = [];
  const timers = new Set<{ at: number; callback: () => void }>();
  const time = {
    ms: 0,
    to(ms: number) {
      time.ms = ms;
      for (const timer of [...timers]) {
        if (timer.at > ms || !timers.delete(timer)) continue;
        timer.callback();
      }
    },
  };
  let set = 0;
  const client: ClientContext = createClientContext({
    host: 'http://127.0.0.1:11434',
    transport: async (request, signal) => {
      sent.push({ request, signal });
      return answers[sent.length - 1]?.() as never;
    },
    sleep: async (ms) => void sleeps.push(ms),
    now: () => time.ms,
    timer: (ms, callback) => {
      const timer = { at: time.ms + ms, callback };
      timers.add(timer);
      set += 1;
      return () => void timers.delete(timer);
    },
    ...options,
  });
  return { client, sent, sleeps, timers, time, timersSet: () => set };
}

const noDeadlines = { firstByteMs: 0, idleMs: 0, totalMs: 0 };

function start(client: ClientContext, outgoing: Partial<Outgoing> = {}, call: CallOptions = {}) {
  return new Exchange(client, { route, model: 'm', body: '{}', ...outgoing }, { timeouts: noDeadlines, ...call });
}

const failureOf = (promise: Promise<unknown>): Promise<OllamaError> =>
  promise.then(
    () => {
      throw new Error('did not fail');
    },
    (error) => error,
  );

describe('the request', () => {
  test('has what the route, the client and the call say', async () => {
    const { client, sent } = clientOf([() => answer(new Body())], { headers: { a: 'client' } });
    const call = { headers: { b: 'call' }, timeouts: { ...noDeadlines, connectMs: 7 } };
    const exchange = start(client, { path: '/api/other', headers: { c: 'route' } }, call);
    await exchange.open();
    exchange.end();
    expect(sent[0]?.request).toEqual({
      method: 'POST',
      url: 'http://127.0.0.1:11434/api/other',
      headers: { ...json, a: 'client', b: 'call', c: 'route' },
      connectMs: 7,
      body: '{}',
    });
    expect(exchange.facts).toMatchObject({ method: 'POST', path: '/api/other', model: 'm' });
  });

  test.each([undefined, new Uint8Array(3)])('has no type unless its body is text: %s', async (body) => {
    const { client, sent } = clientOf([() => answer(new Body())]);
    const exchange = start(client, { body });
    await exchange.open();
    exchange.end();
    const { request } = sent[0] as Sent;
    expect(request.headers).toEqual({});
    expect('body' in request).toBe(body !== undefined);
    expect(request.url).toBe('http://127.0.0.1:11434/api/chat');
  });

  test('gets a real AbortSignal unless its transport needs none', async () => {
    const { client, sent } = clientOf([() => answer(new Body())]);
    const real = start(client);
    await real.open();
    expect(sent[0]?.signal).toBeInstanceOf(AbortSignal);
    expect(sent[0]?.signal).toBe(real.signal);
    real.end();
    const signals: unknown[] = [];
    const transport = lightTransport(async (_, signal) => {
      signals.push(signal);
      return answer(new Body());
    });
    const light = start(clientOf([], { transport }).client);
    await light.open();
    light.end();
    expect(signals).toEqual([expect.any(Cancel)]);
  });
});

describe('a response', () => {
  const open = async (status: number, outgoing: Partial<Outgoing> = {}, headers = json) => {
    const { client } = clientOf([() => answer(new Body([bytes('text')]), status, headers)], { retry: false });
    const exchange = start(client, outgoing);
    try {
      return (await exchange.open()).status;
    } catch (error) {
      return (error as { status?: unknown }).status === status ? (error as OllamaError).code : error;
    } finally {
      exchange.end();
    }
  };

  test.each([200, 201])('with status %i is a success', async (status) => {
    expect(await open(status)).toBe(status);
  });

  test.each([202, 204])('with status %i is not', async (status) => {
    expect(await open(status)).toBe('wrong_server');
  });

  test('without a body may have status 204', async () => {
    for (const status of [200, 201, 204])
      expect(await open(status, { route: { ...route, answer: 'empty' } })).toBe(status);
    expect(await open(202, { route: { ...route, answer: 'empty' } })).toBe('wrong_server');
  });

  test('may have only the statuses that the call accepts', async () => {
    expect(await open(404, { accept: [200, 404] })).toBe(404);
    expect(await open(201, { accept: [200, 404] })).toBe('wrong_server');
  });

  test.each(['text/html', 'TEXT/HTML; charset=utf-8'])('of type %s is a web page', async (type) => {
    expect(await open(200, {}, { 'content-type': type })).toBe('wrong_server');
  });

  test('needs no type', async () => {
    expect(await open(200, {}, {} as typeof json)).toBe(200);
  });
});

describe('the text of an error', () => {
  test('is read piece by piece', async () => {
    const text = bytes('{"error":"größer"}');
    const body = new Body([text.subarray(0, 13), text.subarray(13)]);
    const { client } = clientOf([() => answer(body, 400)]);
    expect(await failureOf(start(client).open())).toMatchObject({ message: expect.stringContaining('größer') });
  });

  test('is read up to 64 KiB', async () => {
    const body = new Body(Array.from({ length: 100 }, () => bytes('x'.repeat(1024))));
    const { client } = clientOf([() => answer(body, 400)]);
    await failureOf(start(client).open());
    expect(body.pulls).toBe(65);
  });

  test('that breaks off leaves the status', async () => {
    const { client } = clientOf([() => answer(new Body([bytes('{"error":"bo')], new Error('broken')), 400)]);
    expect(await failureOf(start(client).open())).toMatchObject({ status: 400, code: 'bad_request' });
  });

  test('is not awaited once the call is cancelled', async () => {
    const caller = new AbortController();
    const { client } = clientOf([() => answer(new Body([], 'waits'), 400)]);
    const failure = failureOf(start(client, {}, { signal: caller.signal }).open());
    await setImmediate();
    caller.abort(reason);
    expect(await failure).toMatchObject({ code: 'aborted', cause: reason, phase: 'body' });
  });
});

describe('a request that failed', () => {
  const retry = { attempts: 1, minDelayMs: 8, maxDelayMs: 8 };
  /** With a body that ends: nothing waits for it. */
  const refusal = () => answer(new Body(), 503);
  const count = async (outgoing: Partial<Outgoing>, call: CallOptions = {}, options: ClientOptions = { retry }) => {
    const { client, sent } = clientOf([refusal, () => answer(new Body())], options);
    const exchange = start(client, outgoing, call);
    await exchange.open().catch(() => {});
    exchange.end();
    return sent.length;
  };

  test('is sent again if its body is text, or missing', async () => {
    expect(await count({})).toBe(2);
    expect(await count({ body: undefined })).toBe(2);
    expect(await count({}, {}, {})).toBe(2);
  });

  test('is not sent again if its body is gone, or once is enough', async () => {
    expect(await count({ body: new Uint8Array(3) })).toBe(1);
    expect(await count({ route: { ...route, once: true } })).toBe(1);
  });

  test('is sent again as often as the call says, or else the client', async () => {
    expect(await count({}, { retry: false })).toBe(1);
    expect(await count({}, {}, { retry: false })).toBe(1);
    expect(await count({}, { retry }, { retry: false })).toBe(2);
    expect(await count({}, { retry: { ...retry, attempts: 0 } })).toBe(1);
  });

  test('is left before the next one, which has its own signal', async () => {
    const first = new Body([bytes('x'.repeat(70_000))], 'waits');
    const { client, sent, sleeps } = clientOf([() => answer(first, 503), () => answer(new Body())], { retry });
    const exchange = start(client);
    await exchange.open();
    expect(sleeps).toHaveLength(1);
    expect(first.left).toBe(1);
    expect(sent[0]?.signal).toMatchObject({ aborted: true, reason: 'left' });
    expect(sent[1]?.signal).toMatchObject({ aborted: false });
    expect(exchange.signal).toBe(sent[1]?.signal);
    expect(await exchange.next()).toBeUndefined();
    exchange.end();
  });

  test('leaves nothing of its own to the next one', async () => {
    const second = new Body([], 'waits');
    const { client } = clientOf([refusal, () => answer(second)], { retry });
    const exchange = start(client);
    await exchange.open();
    exchange.end();
    expect(second.left).toBe(1);
  });

  test('is heard no more', async () => {
    const heard: Parameters<CallbackBody[typeof pullPiece]>[] = [];
    /** It can be heard again and again. */
    const callbacks = (status: number, end: boolean) => () => {
      const body = {
        [Symbol.asyncIterator]: () => body,
        [pullPiece](...given) {
          heard.push(given);
          if (end) given[0](undefined);
        },
        next: never,
      } as CallbackBody & { [Symbol.asyncIterator](): CallbackBody };
      return { status, headers: json, body };
    };
    const { client } = clientOf([callbacks(503, true), callbacks(200, false)], { retry });
    const exchange = start(client);
    await exchange.open();
    const pieces: unknown[] = [];
    const hear = (piece: unknown) => pieces.push(piece);
    exchange.pull(hear, hear);
    heard[0]?.[0](bytes('late'));
    heard[0]?.[1](new Error('late'));
    expect(pieces).toEqual([]);
    heard[1]?.[0](bytes('in time'));
    expect(pieces).toEqual([bytes('in time')]);
    exchange.end();
  });

  test('is not sent again after the end', async () => {
    const { client, sent, sleeps } = clientOf([refusal], { retry });
    const exchange = start(client);
    client.failures = {
      ...client.failures,
      retryDelayMs: () => {
        exchange.end();
        return 0;
      },
    };
    expect(await failureOf(exchange.open())).toMatchObject({ status: 503 });
    expect(sent).toHaveLength(1);
    expect(sleeps).toEqual([]);
  });

  test('is not sent again if the call is cancelled before or during the wait', async () => {
    const caller = new AbortController();
    const before = clientOf([refusal], { retry });
    before.client.failures = {
      ...before.client.failures,
      retryDelayMs: () => {
        caller.abort(reason);
        return 0;
      },
    };
    const cancelled = { code: 'aborted', cause: reason, phase: 'retry' };
    expect(await failureOf(start(before.client, {}, { signal: caller.signal }).open())).toMatchObject(cancelled);
    expect(before.sleeps).toEqual([]);

    const other = new AbortController();
    const sleep = (_: number, signal: AbortSignal) =>
      new Promise<void>((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
        other.abort(reason);
      });
    const during = clientOf([refusal], { retry, sleep });
    expect(await failureOf(start(during.client, {}, { signal: other.signal }).open())).toMatchObject(cancelled);
    expect(during.sent).toHaveLength(1);
  });

  test('has the deadline of the first byte again', async () => {
    const made = clientOf([refusal, never], {
      retry,
      sleep: async () => {
        made.time.ms = 40;
      },
    });
    const exchange = start(made.client, {}, { timeouts: { ...noDeadlines, firstByteMs: 50 } });
    const failure = failureOf(exchange.open());
    await setImmediate();
    expect(made.sent).toHaveLength(2);
    made.time.to(60);
    expect(exchange.signal.aborted).toBe(false);
    made.time.to(90);
    expect(await failure).toMatchObject({ code: 'timeout', limit: 'firstByte', limitMs: 50 });
    exchange.end();
    expect(made.timers.size).toBe(0);
  });
});

describe('a call that is cancelled', () => {
  test('before it begins sends nothing', async () => {
    const { client, sent } = clientOf([never]);
    const failure = failureOf(start(client, {}, { signal: AbortSignal.abort(reason) }).open());
    expect(await failure).toMatchObject({ code: 'aborted', cause: reason, phase: 'queue' });
    expect(sent).toEqual([]);
  });

  test('in the queue sends nothing', async () => {
    const { client, sent } = clientOf([() => answer(new Body()), never], { concurrency: 1 });
    const first = start(client);
    await first.open();
    const caller = new AbortController();
    const failure = failureOf(start(client, {}, { signal: caller.signal }).open());
    await setImmediate();
    caller.abort(reason);
    expect(await failure).toMatchObject({ code: 'aborted', cause: reason, phase: 'queue' });
    expect(sent).toHaveLength(1);
    first.end();
  });

  test.each(['while the transport is called', 'by a hook before that'])('%s does not wait', async (when) => {
    const caller = new AbortController();
    const abort = () => caller.abort(reason);
    const isHook = when !== 'while the transport is called';
    const transport = () => {
      if (!isHook) abort();
      return never();
    };
    const { client } = clientOf([], { transport, ...(isHook && { onRequest: abort }) });
    expect(await failureOf(start(client, {}, { signal: caller.signal }).open())).toMatchObject({
      code: 'aborted',
      cause: reason,
      phase: 'firstByte',
    });
  });

  test('by the hook of the response is over', async () => {
    const caller = new AbortController();
    const { client } = clientOf([() => answer(new Body())], { onResponse: () => caller.abort(reason) });
    expect(await failureOf(start(client, {}, { signal: caller.signal }).open())).toMatchObject({
      code: 'aborted',
      phase: 'firstByte',
    });
  });

  test('in the body fails every read', async () => {
    const caller = new AbortController();
    const { client } = clientOf([() => answer(new Body([], 'waits'))]);
    const exchange = start(client, {}, { signal: caller.signal });
    await exchange.open();
    const failure = failureOf(exchange.next());
    caller.abort(reason);
    const cancelled = { code: 'aborted', cause: reason, phase: 'body' };
    expect(await failure).toMatchObject(cancelled);
    expect(await failureOf(exchange.next())).toMatchObject(cancelled);
    exchange.end();
  });

  test('and then fails otherwise was cancelled', async () => {
    const caller = new AbortController();
    const { client } = clientOf([]);
    client.watch = (_facts, _attempt, fail) => {
      fail(new OllamaError('a hook', { code: 'hook_failed' }));
      caller.abort(reason);
      return () => {};
    };
    const failure = failureOf(start(client, {}, { signal: caller.signal }).open());
    expect(await failure).toMatchObject({ code: 'aborted' });
  });
});

test('the first failure of a hook ends the call', async () => {
  const { client } = clientOf([never]);
  const [first, second] = ['first', 'second'].map((text) => new OllamaError(text, { code: 'hook_failed' }));
  client.watch = (_facts, _attempt, fail) => {
    fail(first as OllamaError);
    fail(second as OllamaError);
    return () => {};
  };
  expect(await failureOf(start(client).open())).toBe(first);
});

test('a hook that fails when the response begins ends the call', async () => {
  const { client } = clientOf([() => answer(new Body())]);
  const error = new OllamaError('a hook', { code: 'hook_failed' });
  client.watch = (_facts, _attempt, fail) => () => fail(error);
  expect(await failureOf(start(client).open())).toBe(error);
});

test('an error that is explained already is not explained again', async () => {
  const { client } = clientOf([() => 'text']);
  client.errors = { ...client.errors, connection_failed: () => new OllamaError('again', { code: 'reset' }) };
  expect(await failureOf(start(client).open())).toMatchObject({ code: 'hook_failed' });
});

test('a hook hears of each attempt and of its status', async () => {
  const heard: unknown[] = [];
  const { client } = clientOf([() => answer(new Body(), 503), () => answer(new Body())]);
  client.watch = (facts, attempt) => {
    heard.push([facts.path, attempt]);
    return (status) => heard.push(status);
  };
  const exchange = start(client);
  await exchange.open();
  exchange.end();
  expect(heard).toEqual([['/api/chat', 0], 503, ['/api/chat', 1], 200]);
});

test('a transport that fails is a failed connection of that phase', async () => {
  const { client } = clientOf([
    () => {
      throw Object.assign(new Error('no'), { code: 'ECONNRESET' });
    },
  ]);
  const failure = failureOf(start(client, {}, { retry: false }).open());
  expect(await failure).toMatchObject({ code: 'reset', phase: 'firstByte', cause: new Error('no') });
});

describe('the body', () => {
  test('comes piece by piece, until its end and after it', async () => {
    const pieces = [bytes('a'), bytes('b')];
    const body = new Body(pieces);
    const { client, sent } = clientOf([() => answer(body)]);
    const exchange = start(client);
    await exchange.open();
    expect(body.pulls).toBe(0);
    expect(await exchange.next()).toBe(pieces[0]);
    expect(await exchange.next()).toBe(pieces[1]);
    expect(await exchange.next()).toBeUndefined();
    exchange.end();
    // Its connection can be used again.
    expect(body.left).toBe(0);
    expect(sent[0]?.signal.aborted).toBe(false);
    expect(await exchange.next()).toBeUndefined();
  });

  test('that is left before its end is closed', async () => {
    const body = new Body([bytes('a')], 'waits');
    const { client, sent } = clientOf([() => answer(body)]);
    const exchange = start(client);
    await exchange.open();
    await exchange.next();
    const pending = failureOf(exchange.next());
    exchange.end();
    expect(body.left).toBe(1);
    expect(sent[0]?.signal.reason).toBe('left');
    expect(await pending).toMatchObject({ code: 'reset', phase: 'body' });
  });

  test('that fails has failed', async () => {
    const { client } = clientOf([() => answer(new Body([bytes('a')], new Error('broken')))]);
    const exchange = start(client);
    await exchange.open();
    await exchange.next();
    expect(await failureOf(exchange.next())).toMatchObject({
      code: 'reset',
      phase: 'body',
      cause: new Error('broken'),
    });
    exchange.end();
  });

  test('of an attempt that is over is heard no more', async () => {
    const late: (() => void)[] = [];
    /** It gives its first piece when the test says so, whatever happened meanwhile. */
    const slow = (
      settle: (resolve: (result: IteratorResult<Uint8Array>) => void, reject: (e: Error) => void) => void,
    ) => ({
      ...answer(new Body(), 503),
      body: {
        [Symbol.asyncIterator]: () => ({
          next: () =>
            new Promise<IteratorResult<Uint8Array>>((resolve, reject) => {
              late.push(() => settle(resolve, reject));
            }),
        }),
      },
    });
    const caller = new AbortController();
    const { client } = clientOf([
      () => slow((resolve) => resolve({ done: false, value: bytes('late') })),
      () => slow((_, reject) => reject(new Error('late'))),
    ]);
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const exchange = start(client, { accept: [503] }, { signal: caller.signal });
      await exchange.open();
      const pieces: unknown[] = [];
      const failures: unknown[] = [];
      exchange.pull(
        (piece) => pieces.push(piece),
        (error) => failures.push(error),
      );
      exchange.end();
      late[attempt]?.();
      await setImmediate();
      expect(pieces).toEqual([]);
      expect(failures).toHaveLength(1);
    }
  });

  test('may be silent while nobody reads, and no longer than allowed while somebody does', async () => {
    const { client, timers, time } = clientOf([() => answer(new Body([bytes('a')], 'waits'))]);
    const exchange = start(client, {}, { timeouts: { ...noDeadlines, firstByteMs: 20, idleMs: 50 } });
    await exchange.open();
    time.to(40);
    await exchange.next();
    time.to(1000);
    expect(exchange.signal.aborted).toBe(false);
    const failure = failureOf(exchange.next());
    time.to(1050);
    expect(await failure).toMatchObject({ code: 'timeout', limit: 'idle', limitMs: 50 });
    exchange.end();
    expect(timers.size).toBe(0);
  });
});

describe('the rest of a complete response', () => {
  const drained = async (body: Body, between?: (made: ReturnType<typeof clientOf>) => Promise<void>) => {
    const made = clientOf([() => answer(body)]);
    const exchange = start(made.client);
    await exchange.open();
    const drained = exchange.drain();
    await setImmediate();
    await between?.(made);
    await drained;
    const { aborted } = exchange.signal;
    exchange.end();
    return { ...made, isKept: !aborted && !exchange.signal.aborted };
  };

  test('is read, without a timer if it is there', async () => {
    const { isKept, timersSet } = await drained(new Body([bytes('\n'), bytes('\n')]));
    expect(isKept).toBe(true);
    expect(timersSet()).toBe(0);
  });

  test('is awaited for a quarter of a second', async () => {
    const body = new Body([], 'waits');
    const { isKept } = await drained(body, async ({ time, timers }) => {
      expect([...timers].map(({ at }) => at)).toEqual([250]);
      time.to(250);
    });
    expect(isKept).toBe(false);
    expect(body.left).toBe(1);
  });

  test('is not read beyond 64 KiB', async () => {
    const body = new Body(Array.from({ length: 5 }, () => bytes('x'.repeat(32_768))));
    const { isKept, timersSet } = await drained(body);
    expect(body.pulls).toBe(2);
    expect(isKept).toBe(false);
    expect(timersSet()).toBe(0);
  });

  test('that fails is over', async () => {
    const { timersSet, isKept } = await drained(new Body([], new Error('broken')));
    expect(timersSet()).toBe(0);
    expect(isKept).toBe(false);
  });

  test('that ends later stops the timer', async () => {
    let end = () => {};
    const body = new Body();
    body[Symbol.asyncIterator] = () => ({
      next: () =>
        new Promise((resolve) => {
          end = () => resolve({ done: true, value: undefined });
        }),
    });
    const { timers, isKept } = await drained(body, async ({ timers }) => {
      expect(timers.size).toBe(1);
      end();
    });
    expect(timers.size).toBe(0);
    expect(isKept).toBe(true);
  });
});

describe('a slot', () => {
  test('is free for the next call once the response begins, and at the end', async () => {
    const { client, sent } = clientOf(
      [never, () => answer(new Body()), () => answer(new Body()), () => answer(new Body())],
      { concurrency: 2 },
    );
    const first = start(client);
    const second = start(client);
    const third = start(client);
    const last = start(client);
    const failed = failureOf(first.open());
    const begun = second.open();
    await setImmediate();
    expect(sent).toHaveLength(1);
    first.end();
    await failed;
    await begun;
    // It has begun, so one more may run.
    await third.open();
    const waiting = last.open();
    await setImmediate();
    expect(sent).toHaveLength(3);
    second.end();
    await waiting;
    third.end();
    last.end();
  });

  test('is for calls that run a model', async () => {
    const { client, sent } = clientOf([never, () => answer(new Body())], { concurrency: 1 });
    const first = start(client);
    void first.open().catch(() => {});
    await setImmediate();
    const quick = start(client, { route: { ...route, runs: false } });
    await quick.open();
    expect(sent).toHaveLength(2);
    quick.end();
    first.end();
  });
});

test('the end leaves no listener and no timer', async () => {
  const caller = new AbortController();
  const { client, timers } = clientOf([() => answer(new Body([], 'waits'))]);
  const exchange = start(client, {}, { signal: caller.signal, timeouts: { totalMs: 100 } });
  await exchange.open();
  expect(getEventListeners(caller.signal, 'abort')).toHaveLength(1);
  expect(timers.size).toBe(1);
  exchange.end();
  exchange.end();
  // It never began.
  start(client).end();
  expect(getEventListeners(caller.signal, 'abort')).toHaveLength(0);
  expect(timers.size).toBe(0);
});
