import { describe, expect, test } from 'vitest';
import { callErrors } from '../errors/call-errors.ts';
import type { HeadersLike } from '../options.ts';
import { ClientHeaders } from './client-headers.ts';
import { plainHeaders } from './headers.ts';

const facts = { url: 'http://127.0.0.1:11434', method: 'POST', path: '/api/chat', model: 'm', errors: callErrors };

function client(own: Record<string, string> = {}) {
  const headers = new ClientHeaders(own, plainHeaders);
  return (isJson: boolean, call?: HeadersLike | null, route?: Record<string, string>) =>
    headers.of(isJson, route, call, facts);
}

test('a body of JSON has its type', () => {
  const of = client({ 'x-own': 'a' });
  expect(of(true)).toEqual({ 'content-type': 'application/json', 'x-own': 'a' });
  expect(of(false)).toEqual({ 'x-own': 'a' });
});

test('headers of the call override those of the client, which override those of the route', () => {
  const of = client({ b: 'client', c: 'client' });
  expect(of(true, { c: 'call' }, { 'content-type': 'route', a: 'route', b: 'route' })).toEqual({
    'content-type': 'route',
    a: 'route',
    b: 'client',
    c: 'call',
  });
});

test('the headers of usual calls are made once', () => {
  const of = client({ 'x-own': 'a' });
  const usual = of(true);
  expect(of(true)).toBe(usual);
  expect(of(true, null)).toBe(usual);
  expect(of(false)).not.toBe(usual);
  expect(of(false)).toBe(of(false));
});

test('those of other calls are not kept', () => {
  const of = client();
  expect(of(false, { a: 'call' })).toEqual({ a: 'call' });
  expect(of(false, undefined, { a: 'route' })).toEqual({ a: 'route' });
  expect(of(false)).toEqual({});
  expect(of(false, { a: 'call' })).toEqual({ a: 'call' });
  expect(of(false, undefined, { a: 'route' })).toEqual({ a: 'route' });
});

describe('an invalid header', () => {
  test.each(['', 'a b', ' a', 'a ', 'a:', 'é', 'a\n'])('has no name: %j', (name) => {
    const of = client({ [name]: 'secret' });
    for (let call = 0; call < 2; call += 1) {
      let error: unknown;
      try {
        of(true);
      } catch (thrown) {
        error = thrown;
      }
      expect(error).toMatchObject({ code: 'bad_request', message: expect.not.stringContaining('secret') });
      expect(error).not.toHaveProperty('header');
    }
  });

  test.each(['a\nb', '\na', 'a\n', '\u007f', '\u0000', 'Ā', '€'])('has a value that cannot be sent: %j', (value) => {
    expect(() => client()(true, { fine: 'x', 'x-a': value })).toThrow(
      expect.objectContaining({ code: 'bad_request', header: 'x-a' }),
    );
  });
});

test('all other characters are sent', () => {
  const given = { "az_09!#$%&'*+.^`|~-": '', a: 'a b\t~!', b: '\u0080é\u00ff' };
  expect(client(given)(false)).toEqual(given);
});
