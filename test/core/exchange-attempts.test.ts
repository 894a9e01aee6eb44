import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { Outgoing } from '../../packages/core/src/http/exchange.ts';
import type { CallOptions, ClientOptions } from '../../packages/core/src/options.ts';
import { type CallbackBody, pullPiece } from '../../packages/core/src/platform.ts';
import {
  answer,
  Body,
  bytes,
  clientOf,
  failureOf,
  json,
  never,
  noDeadlines,
  reason,
  route,
  start,
} from '../fixtures/core/exchange.ts';

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
