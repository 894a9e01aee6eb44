import { expect, test } from 'vitest';
import { createGuard, hostName } from './guard.ts';

test.each([
  ['localhost', 'localhost'],
  ['LocalHost:3333', 'localhost'],
  ['http://localhost:5173', 'localhost'],
  ['https://app.example.com', 'app.example.com'],
  ['[::1]:80', '[::1]'],
  ['::1', '[::1]'],
  ['fe80::1', '[fe80::1]'],
  ['vscode-webview://some-id', 'some-id'],
])('%s has the host name %s', (written, name) => {
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
])('"%s" has no host name', (written) => {
  expect(hostName(written)).toBeUndefined();
});

test('the host in the URL is checked as well as the header', () => {
  const guard = createGuard({ allow: ['models.example'], allowHint: '' });
  const ask = (url: string, headers = {}) => guard(new Request(url, { headers }))?.status;
  expect(ask('http://models.example/mcp')).toBeUndefined();
  expect(ask('http://models.example/mcp', { host: 'localhost' })).toBeUndefined();
  expect(ask('http://evil.example/mcp')).toBe(403);
  expect(ask('http://models.example/mcp', { host: 'evil.example' })).toBe(403);
});
