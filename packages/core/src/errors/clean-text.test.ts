import { expect, test } from 'vitest';
import { cleanText } from './clean-text.ts';

test.each([
  ['the user in a URL', 'no route to http://anna:secret@gpu:11434/api', 'no route to http://gpu:11434/api'],
  ['a one-letter user', 'see //a@gpu', 'see //gpu'],
  ['two URLs', 'http://a:b@x and https://c:d@y', 'http://x and https://y'],
  ['a bearer token', 'got Bearer   abc.def-123=', 'got Bearer   …'],
  ['basic credentials', 'Authorization: basic dXNlcjpwYXNz', 'Authorization: basic …'],
  ['an API key in a sentence', 'api key: abcd1234, sorry', 'api key: …, sorry'],
  ['an API key in JSON', '{"api_key":"abcd1234","x":1}', '{"api_key":"…","x":1}'],
  ['an access token without a space', 'accesstoken=abcd1234&x=1', 'accesstoken=…&x=1'],
  ['an auth-key after spaces', 'auth-key  =  abcd1234', 'auth-key  =  …'],
  ['a token', 'token "abcd" token="abcd1234"', 'token "abcd" token="…"'],
  ['a four-letter password', 'password=abcd', 'password=…'],
  ['a secret in brackets', '(secret: abcd1234)', '(secret: …)'],
  ['a secret key', 'wrong key sk-abcdefgh, or pk-12345678 or key-*****abc.', 'wrong key …, or … or …'],
])('%s is not shown', (_, text, shown) => {
  expect(cleanText(text)).toBe(shown);
});

test.each([
  'mail to anna@example.com or //path/a@b',
  'a bearer short',
  'a token: abc',
  'tokens: 12345',
  'sk-short',
  'risk-assessment',
])('anything else is shown: %s', (text) => {
  expect(cleanText(text)).toBe(text);
});

test('control characters and direction marks become one space, and are removed at the ends', () => {
  expect(cleanText('\u0000a\r\n\u001b\u009f\u200bb\u202ec\u2066\ufeff')).toBe('a b c');
});

test('truncates after 500 characters, and says so', () => {
  expect(cleanText('x'.repeat(500))).toBe('x'.repeat(500));
  expect(cleanText('x'.repeat(501))).toBe(`${'x'.repeat(500)}…`);
});

test('reads only the beginning of a long text, and says so', () => {
  expect(cleanText(`a${' '.repeat(1999)}`)).toBe('a');
  expect(cleanText(`a${' '.repeat(2000)}`)).toBe('a…');
  expect(cleanText(`a${' '.repeat(1999)}b`)).toBe('a…');
});
