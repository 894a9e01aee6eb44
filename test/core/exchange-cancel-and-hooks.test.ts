import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { OllamaError } from '../../packages/core/src/errors/errors.ts';
import { answer, Body, clientOf, failureOf, never, reason, start } from '../fixtures/core/exchange.ts';

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
