import { expect, test } from 'vitest';
import { connectionError } from './connection-error.ts';

const facts = { url: 'http://127.0.0.1:11434', method: 'POST', path: '/api/chat', model: 'm' };
const timedOut = Object.assign(new Error('read ETIMEDOUT'), { code: 'ETIMEDOUT' });

test('a connection that cannot be made in time names its deadline', () => {
  const error = connectionError(timedOut, 'firstByte', facts, 1234);
  expect(error).toMatchObject({ name: 'OllamaTimeoutError', code: 'timeout', phase: 'connect' });
  expect(error.message).toContain('1234 ms (timeouts.connectMs');
});

test('a connection that dies within an answer is not a deadline', () => {
  const error = connectionError(timedOut, 'body', facts, 1234);
  expect(error).toMatchObject({ name: 'OllamaConnectionError', code: 'reset', phase: 'body', retryable: false });
});

test.each([
  ['an error of a transport of your own', new Error('boom'), 'connection_failed'],
  ['a text', 'boom', 'connection_failed'],
  ['nothing', undefined, 'connection_failed'],
  ['all that a browser says', Object.assign(new TypeError('Failed to fetch'), { code: 'NETWORK_ERROR' }), 'refused'],
])('no connection, and the reason is %s', (_, cause, code) => {
  expect(connectionError(cause, 'firstByte', facts, 1234)).toMatchObject({ code, phase: 'connect', retryable: false });
  expect(connectionError(cause, 'body', facts, 1234)).toMatchObject({ code: 'reset', phase: 'body' });
});
