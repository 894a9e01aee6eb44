import { expect, test } from 'vitest';
import { callErrors } from './call-errors.ts';
import { callHook, hookFailed, transportFailed } from './hook-failure.ts';

const facts = { url: 'http://gpu:11434', method: 'POST', path: '/api/chat', model: 'm', errors: callErrors };
const at = 'POST /api/chat at http://gpu:11434';

function play(hook: unknown): { events: unknown[]; rejected: unknown[]; thrown: unknown } {
  const events: unknown[] = [];
  const rejected: unknown[] = [];
  let thrown: unknown;
  const recorded = (event: unknown) => {
    events.push(event);
    return (hook as (event: unknown) => unknown)(event);
  };
  const watchedHook = typeof hook === 'function' ? recorded : hook;
  try {
    callHook('onRequest', watchedHook as never, 'event', (error) => rejected.push(error), facts);
  } catch (error) {
    thrown = error;
  }
  return { events, rejected, thrown };
}
const later = () => new Promise((resolve) => setImmediate(resolve));

test('a hook gets the event; a value that is not a function is not called', async () => {
  for (const result of [undefined, null, 5, 'text', {}, Promise.resolve()]) {
    const { events, rejected, thrown } = play(() => result);
    await later();
    expect({ events, rejected, thrown }).toEqual({ events: ['event'], rejected: [], thrown: undefined });
  }
  for (const none of [undefined, null, 'text', {}]) expect(play(none).thrown).toBeUndefined();
});

test('a hook that throws fails the call, and its message is not shown', () => {
  const cause = new Error('my secret');
  const { thrown } = play(() => {
    throw cause;
  });
  expect(thrown).toMatchObject({
    code: 'hook_failed',
    message: `onRequest threw an error (${at}).`,
    hint: expect.stringContaining('catch errors inside onRequest'),
    route: 'POST /api/chat',
    model: 'm',
    cause,
  });
});

test('a later rejection of a hook is reported separately, with the same error', async () => {
  const cause = new Error('my secret');
  const { rejected, thrown } = play(() => Promise.reject(cause));
  expect([thrown, rejected]).toEqual([undefined, []]);
  await later();
  expect(rejected).toMatchObject([{ code: 'hook_failed', message: `onRequest threw an error (${at}).`, cause }]);
});

test('without a call the message names no route', () => {
  const error = hookFailed('onProgress', 'x');
  expect([error.message, error.route, error.url]).toEqual(['onProgress threw an error.', undefined, undefined]);
});

test('an incorrect transport gets an error that says what it must do', () => {
  expect(transportFailed(facts, 'status')).toMatchObject({
    code: 'hook_failed',
    message: `The transport returned a response without a status (${at}).`,
    hint: expect.stringContaining('{ status, headers, body }'),
    url: 'http://gpu:11434',
  });
});
