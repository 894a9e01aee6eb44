import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { callErrors } from '../errors/call-errors.ts';
import { OllamaError } from '../errors/errors.ts';
import type { CallOptions, Timeouts } from '../options.ts';
import { routes } from '../wire/routes.ts';
import type { ClientContext } from './client-context.ts';
import { MultiRequestCall } from './multi-request-call.ts';

function start(call: CallOptions = {}, left?: AbortSignal, timeouts?: Timeouts) {
  /** The timers that run. */
  const timers = new Map<() => void, number>();
  const timer = (ms: number, callback: () => void) => {
    timers.set(callback, ms);
    return () => void timers.delete(callback);
  };
  const clock = { timer, now: () => 0 };
  const client = { url: 'http://127.0.0.1:11434', timeouts, clock, errors: callErrors } as unknown as ClientContext;
  return { timers, work: new MultiRequestCall(client, routes.create, 'm', call, left) };
}

const facts = { route: 'POST /api/create', url: 'http://127.0.0.1:11434', model: 'm' };

test('its options are checked', () => {
  expect(() => start({ timeout: 5 } as CallOptions)).toThrow(expect.objectContaining({ option: 'timeout' }));
});

test('each request has the options of the call and its signal, and no total deadline', () => {
  const headers = { a: 'b' };
  const { work } = start({ headers, timeouts: { idleMs: 5, totalMs: 100 } });
  const part = { headers, timeouts: { idleMs: 5, totalMs: 0 } };
  expect(work.part()).toEqual({ ...part, signal: work.signal });
  const { signal } = new AbortController();
  expect(work.part(signal).signal).toBe(signal);
});

test('the caller cancels it', () => {
  const caller = new AbortController();
  const { work } = start({ signal: caller.signal });
  const own = new RangeError('own');
  expect(work.failure(own)).toBe(own);
  expect(work.signal.aborted).toBe(false);
  caller.abort('changed my mind');
  expect(work.signal.aborted).toBe(true);
  expect(work.failure(own)).toMatchObject({ code: 'aborted', cause: 'changed my mind', ...facts });
  const known = new OllamaError('known', { code: 'reset' });
  expect(work.failure(known)).toBe(known);
});

test('who leaves its stream ends it', () => {
  const left = new AbortController();
  const { work } = start({}, left.signal);
  left.abort('left');
  expect(work.signal.reason).toBe('left');
});

test('its first failure is the one that counts, with what had arrived', () => {
  const { work } = start();
  const first = new OllamaError('first', { code: 'hook_failed' });
  work.fail(first);
  work.fail(new OllamaError('second', { code: 'hook_failed' }));
  expect(work.signal.reason).toBe(first);
  expect(work.failure(Object.assign(new RangeError('follows'), { partial: 'another' }))).toBe(first);
  expect(first.partial).toBeUndefined();
  expect(work.failure(new OllamaError('follows', { code: 'aborted', partial: 'half' }))).toBe(first);
  expect(first.partial).toBe('half');
});

test('it has the total deadline and no other', () => {
  const { work, timers } = start({ timeouts: { firstByteMs: 1, idleMs: 2 } }, undefined, { totalMs: 100 });
  expect([...timers.values()]).toEqual([100]);
  for (const [callback] of timers) callback();
  const error = { code: 'timeout', limit: 'total', limitMs: 100, ...facts };
  expect(work.signal.reason).toMatchObject(error);
  expect(work.failure(new RangeError('follows'))).toMatchObject(error);
});

test('its end leaves no timer and no listener', () => {
  const caller = new AbortController();
  const { work, timers } = start({ signal: caller.signal, timeouts: { totalMs: 100 } });
  expect(timers.size).toBe(1);
  expect(getEventListeners(caller.signal, 'abort')).toHaveLength(1);
  work.end();
  expect(timers.size).toBe(0);
  expect(getEventListeners(caller.signal, 'abort')).toHaveLength(0);
});
