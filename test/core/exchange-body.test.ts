import { getEventListeners } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import {
  answer,
  Body,
  bytes,
  clientOf,
  failureOf,
  never,
  noDeadlines,
  route,
  start,
} from '../fixtures/core/exchange.ts';

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
