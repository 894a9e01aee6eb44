import { describe, expect, test } from 'vitest';
import { callErrors } from './call-errors.ts';
import { connectionError } from './connection-error.ts';
import { OllamaAbortError } from './errors.ts';

const facts = { url: 'http://127.0.0.1:11434', method: 'POST', path: '/api/chat', model: 'm', errors: callErrors };
const coded = (code: unknown, more: object = {}) => Object.assign(new Error('boom'), { code, ...more });
const timedOut = coded('ETIMEDOUT');

test('a connection that cannot be opened in time names its deadline', () => {
  const error = connectionError(facts, timedOut, 'firstByte', 1234);
  expect(error).toMatchObject({
    name: 'OllamaTimeoutError',
    code: 'timeout',
    phase: 'connect',
    limit: 'connect',
    limitMs: 1234,
    systemCode: 'ETIMEDOUT',
    cause: timedOut,
    hint: expect.stringContaining('ollama serve'),
  });
  expect(error.message).toBe(
    'Could not connect within 1234 ms (timeouts.connectMs; POST /api/chat at http://127.0.0.1:11434).',
  );
});

test('a connection that breaks within a response is not a deadline', () => {
  const error = connectionError(facts, timedOut, 'body', 1234);
  expect(error).toMatchObject({ name: 'OllamaConnectionError', code: 'reset', phase: 'body', retryable: false });
});

test.each([
  ['an error from a custom transport', new Error('boom'), 'connection_failed'],
  ['a string', 'boom', 'connection_failed'],
  ['nothing', undefined, 'connection_failed'],
  ['null', null, 'connection_failed'],
  ['an error whose code is a number', coded(42), 'connection_failed'],
  ['everything a browser reports', coded('NETWORK_ERROR'), 'refused'],
])('no connection, and the reason is %s', (_, cause, code) => {
  expect(connectionError(facts, cause, 'firstByte', 1234)).toMatchObject({ code, phase: 'connect', retryable: false });
  expect(connectionError(facts, cause, 'body', 1234)).toMatchObject({ code: 'reset', phase: 'body' });
});

test.each([
  ['ECONNREFUSED', 'refused', 'connect', false, 'Cannot connect to Ollama: connection refused'],
  ['ENOENT', 'refused', 'connect', false, 'Cannot connect to Ollama: connection refused'],
  ['ConnectionRefused', 'refused', 'connect', false, 'Cannot connect to Ollama: connection refused'],
  ['NETWORK_ERROR', 'refused', 'connect', false, 'Cannot connect'],
  ['ENOTFOUND', 'dns', 'connect', false, 'Cannot resolve the host name'],
  ['EAI_AGAIN', 'dns', 'connect', true, 'Cannot resolve the host name'],
  ['ERR_INVALID_URL', 'bad_host', 'connect', false, 'Cannot connect'],
  ['UND_ERR_INVALID_ARG', 'bad_request', 'connect', false, 'Cannot send the request with these headers or settings'],
  ['EPROTO', 'tls', 'connect', false, 'Cannot establish a secure connection'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'tls', 'connect', false, 'Cannot establish a secure connection'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls', 'connect', false, 'Cannot establish a secure connection'],
  ['ERR_TLS_HANDSHAKE_TIMEOUT', 'tls', 'connect', false, 'Cannot establish a secure connection'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls', 'connect', false, 'Cannot establish a secure connection'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls', 'connect', false, 'Cannot establish a secure connection'],
  ['UNABLE_TO_GET_ISSUER', 'tls', 'connect', false, 'Cannot establish a secure connection'],
  ['ERR_SOCKS_REFUSED', 'refused', 'connect', false, 'The SOCKS proxy cannot connect'],
  ['HPE_INVALID_CONSTANT', 'wrong_server', 'firstByte', false, 'The server at this address does not speak HTTP'],
  ['ECONNRESET', 'reset', 'firstByte', false, 'The connection was closed before the answer was complete'],
  ['XERR_SSL', 'reset', 'firstByte', false, 'The connection was closed before the answer was complete'],
  ['SHPE_X', 'reset', 'firstByte', false, 'The connection was closed before the answer was complete'],
  ['NOT_UNABLE_TO', 'reset', 'firstByte', false, 'The connection was closed before the answer was complete'],
])('%s before the first byte is %s', (systemCode, code, phase, retryable, text) => {
  const cause = coded(systemCode);
  const error = connectionError(facts, cause, 'firstByte', 1234);
  expect(error).toMatchObject({ name: 'OllamaConnectionError', code, phase, retryable, systemCode, cause, model: 'm' });
  expect(error.message).toBe(`${text} (${systemCode}; POST /api/chat at http://127.0.0.1:11434).`);
});

test('a reset of a pooled connection may be retried', () => {
  const reused = (reusedSocket: unknown) =>
    connectionError(facts, coded('ECONNRESET', { reusedSocket }), 'firstByte', 1).retryable;
  expect([reused(true), reused(false), reused('yes')]).toEqual([true, false, false]);
  expect(connectionError(facts, coded('ECONNREFUSED', { reusedSocket: true }), 'firstByte', 1).retryable).toBe(false);
});

describe('the hint', () => {
  const hintOf = (code: string, url = facts.url) =>
    connectionError({ ...facts, url }, coded(code), 'firstByte', 1).hint;

  test('names the origin too if the browser hides the reason, and only then', () => {
    expect(hintOf('NETWORK_ERROR')).toMatch(/^Start the server with "ollama serve".*OLLAMA_ORIGINS/);
    expect(hintOf('ECONNREFUSED')).toMatch(/^Start the server with "ollama serve"/);
    expect(hintOf('ECONNREFUSED')).not.toContain('OLLAMA_ORIGINS');
  });

  test('is about the request, the proxy or the network, depending on the failure', () => {
    expect(hintOf('UND_ERR_NOT_SUPPORTED')).toMatch(/^Leave out connection headers/);
    expect(hintOf('ERR_SOCKS_REFUSED')).toMatch(/^Check the proxy's address, user name and password/);
    expect(hintOf('ECONNREFUSED', 'http://gpu:11434')).toMatch(/^Check that the server is running there/);
  });
});

describe('limits of the platform', () => {
  test.each([
    ['UND_ERR_HEADERS_TIMEOUT', 'firstByte', 'firstByte', 'for the first byte of the answer'],
    ['UND_ERR_BODY_TIMEOUT', 'body', 'idle', 'for the rest of the answer'],
  ] as const)('%s is a deadline, but none of the client', (systemCode, phase, expectedPhase, text) => {
    const error = connectionError(facts, coded(systemCode), phase, 1);
    expect(error).toMatchObject({ name: 'OllamaTimeoutError', code: 'timeout', phase: expectedPhase, systemCode });
    expect(error.message).toContain(text);
    expect(error.hint).toContain('headersTimeout');
  });
});

describe('nested errors', () => {
  const codeIn = (cause: unknown) => connectionError(facts, cause, 'firstByte', 1).systemCode;

  test('are found in causes and in errors of several addresses, the innermost first', () => {
    expect(codeIn(new Error('fetch failed', { cause: coded('ECONNREFUSED') }))).toBe('ECONNREFUSED');
    expect(codeIn(coded('OUTER', { cause: coded('ENOTFOUND') }))).toBe('ENOTFOUND');
    expect(codeIn(new AggregateError([new Error('no code'), coded('ECONNREFUSED')]))).toBe('ECONNREFUSED');
    expect(codeIn({ errors: 'none', code: 'EPROTO' })).toBe('EPROTO');
  });

  test('are searched at most five levels deep', () => {
    const deep = (depth: number): unknown =>
      depth === 1 ? coded('ECONNREFUSED') : new Error('outer', { cause: deep(depth - 1) });
    expect([codeIn(deep(5)), codeIn(deep(6))]).toEqual(['ECONNREFUSED', undefined]);
    const circle = new Error('circle');
    circle.cause = circle;
    expect(codeIn(circle)).toBeUndefined();
  });

  test('an error of the HTTP parser needs no code', () => {
    const parser = Object.assign(new Error('Expected HTTP/'), { name: 'HTTPParserError' });
    expect(connectionError(facts, parser, 'firstByte', 1)).toMatchObject({ code: 'wrong_server' });
    expect(codeIn({ name: 'HTTPParserError' })).toBeUndefined();
  });
});

test('one of our errors is not changed', () => {
  const own = new OllamaAbortError('enough', { code: 'aborted' });
  expect(connectionError(facts, own, 'body', 1)).toBe(own);
});
