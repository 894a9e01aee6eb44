import { expect, test } from 'vitest';
import { createGuard, hostName } from './guard.ts';
import { tokenCheck } from './token.ts';

test.each([
  ['localhost', 'localhost'],
  ['LocalHost:3333', 'localhost'],
  ['http://localhost:5173', 'localhost'],
  ['https://app.example.com', 'app.example.com'],
  ['[::1]:80', '[::1]'],
  ['::1', '[::1]'],
  ['fe80::1', '[fe80::1]'],
  ['vscode-webview://some-id', 'some-id'],
])('%s has the name %s', (written, name) => {
  expect(hostName(written)).toBe(name);
});

test.each([
  '',
  'null',
  'a b',
  'user@localhost',
  'localhost/path',
  'localhost?x',
  'localhost#x',
  'localhost:port',
  'a,b c',
])('"%s" has none', (written) => {
  expect(hostName(written)).toBeUndefined();
});

test('the address in the URL counts as well as the header', () => {
  const guard = createGuard({ allow: ['models.example'], allowHint: '' });
  const ask = (url: string, headers = {}) => guard.refuseNames(new Request(url, { headers }))?.status;
  expect(ask('http://models.example/mcp')).toBeUndefined();
  expect(ask('http://models.example/mcp', { host: 'localhost' })).toBeUndefined();
  expect(ask('http://evil.example/mcp')).toBe(403);
  expect(ask('http://models.example/mcp', { host: 'evil.example' })).toBe(403);
});

test('only the very token is the right one', async () => {
  const isToken = tokenCheck('a-token');
  expect(await isToken('a-token')).toBe(true);
  for (const wrong of ['', 'a-toke', 'a-token ', 'A-token', 'b-token']) expect(await isToken(wrong)).toBe(false);
});

test.each([
  ['Bearer a-token', undefined],
  ['bearer   a-token ', undefined],
  ['', 401],
  ['a-token', 401],
  ['Bearer', 401],
  ['Bearer a-token more', 401],
  ['Bearer a-token, Bearer b-token', 401],
  ['Basic dXNlcg==, Bearer a-token', 401],
  ['Basic Bearer a-token', 401],
  ['xBearer a-token', 401],
  ['Bearer b-token', 401],
])('the header "%s" is refused with %s', async (authorization, status) => {
  const guard = createGuard({ allow: [], allowHint: '', isToken: tokenCheck('a-token') });
  const request = new Request('http://localhost/mcp', { headers: { authorization } });
  expect((await guard.refuseToken(request))?.status).toBe(status);
});
