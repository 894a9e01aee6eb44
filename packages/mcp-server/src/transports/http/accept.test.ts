import { describe, expect, test } from 'vitest';
import { acceptingBoth, wantedForm, wantsPage } from './accept.ts';

test.each([
  ['application/json, text/event-stream', 'events'],
  ['TEXT/EVENT-STREAM', 'events'],
  ['text/*', 'events'],
  ['text/event-stream; q=0.5', 'events'],
  ['text/event-stream;q=0, application/json', 'json'],
  ['text/event-stream; q=0.000 ; x=1', undefined],
  ['text/event-stream;q=0.01', 'events'],
  [null, 'json'],
  ['', 'json'],
  ['*', 'json'],
  ['*/*', 'json'],
  ['application/*', 'json'],
  [' application/json ; charset=utf-8', 'json'],
  ['application/json-rpc', 'json'],
  ['application/jsonrpc', 'json'],
  ['application/vnd.api+json', 'json'],
  ['image/png', undefined],
  ['text/html', undefined],
  ['xapplication/json', undefined],
  ['application/jsonx', undefined],
])('Accept: %s gives %s', (accept, form) => {
  expect(wantedForm(accept)).toBe(form);
});

test.each([
  ['GET', 'text/html,application/xml', true],
  ['HEAD', 'TEXT/HTML', true],
  ['POST', 'text/html', false],
  ['GET', 'application/json', false],
  ['GET', 'xtext/html', false],
])('%s with %s wants a page: %s', (method, accept, is) => {
  expect(wantsPage(new Request('http://localhost/mcp', { method, headers: { accept } }))).toBe(is);
});

describe('for the SDK', () => {
  const made = (headers: Record<string, string>, form?: 'events' | 'json') =>
    acceptingBoth(new Request('http://localhost/mcp?x=1', { method: 'DELETE', headers }), form);

  test('a request accepts both forms, and everything else is kept', () => {
    const request = made({ accept: 'x/y', 'x-a': 'b' });
    expect([request.method, request.url]).toEqual(['DELETE', 'http://localhost/mcp?x=1']);
    expect(request.headers.get('x-a')).toBe('b');
    expect(request.headers.get('accept')).toBe('application/json, text/event-stream');
    expect(made({}, 'events').headers.get('accept')).toBe('application/json, text/event-stream');
  });

  test('a request that only accepts JSON says that it does not read events', () => {
    expect(made({}, 'json').headers.get('accept')).toBe('application/json, text/event-stream;q=0');
  });

  test.each([
    ['', 'application/json'],
    ['application/json-rpc; charset=utf-8', 'application/json'],
    [' Application/JSON ', 'application/json'],
    ['application/json ; charset=utf-8', 'application/json'],
    ['application/vnd.api+json ; x=1', 'application/json'],
    ['text/plain', 'text/plain'],
  ])('a body of the type %j is %s', (type, contentType) => {
    expect(made(type === '' ? {} : { 'content-type': type }).headers.get('content-type')).toBe(contentType);
  });
});
