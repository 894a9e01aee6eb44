import { expect, test } from 'vitest';
import { isPreflight, preflightAnswer, readableBy } from './cors.ts';

const asking = (headers: Record<string, string>, method = 'OPTIONS') =>
  new Request('http://localhost/mcp', { method, headers });
const origin = 'https://page.example';
const preflight = { origin, 'access-control-request-method': 'POST' };

test('a preflight request has an origin and names a method', () => {
  expect(isPreflight(asking(preflight))).toBe(true);
  expect(isPreflight(asking(preflight, 'GET'))).toBe(false);
  expect(isPreflight(asking({ origin }))).toBe(false);
  expect(isPreflight(asking({ 'access-control-request-method': 'POST' }))).toBe(false);
});

test('the response to a preflight allows the methods and the requested headers', () => {
  const answer = preflightAnswer(asking({ ...preflight, 'access-control-request-headers': 'authorization' }), ['POST']);
  expect(answer.status).toBe(204);
  expect(Object.fromEntries(answer.headers)).toEqual({
    'access-control-allow-methods': 'POST, OPTIONS',
    'access-control-allow-headers': 'authorization',
    'access-control-max-age': '600',
  });
});

test('a page on the public web may access this machine if it asks', () => {
  const answered = (asks: string) =>
    preflightAnswer(asking({ ...preflight, 'access-control-request-private-network': asks }), ['GET']).headers;
  expect(answered('true').get('access-control-allow-private-network')).toBe('true');
  expect(answered('false').has('access-control-allow-private-network')).toBe(false);
  expect(answered('true').has('access-control-allow-headers')).toBe(false);
});

test('a page may read the response, and caches distinguish origins', async () => {
  const response = new Response('hello', { status: 201, headers: { Vary: 'Accept', 'X-A': 'b' } });
  expect(readableBy(null, response)).toBe(response);
  const readable = readableBy(origin, response);
  expect(readable.status).toBe(201);
  expect(await readable.text()).toBe('hello');
  expect(Object.fromEntries(readable.headers)).toMatchObject({
    'access-control-allow-origin': origin,
    'access-control-expose-headers': 'Mcp-Session-Id, WWW-Authenticate, Retry-After',
    vary: 'Accept, Origin',
    'x-a': 'b',
  });
});
