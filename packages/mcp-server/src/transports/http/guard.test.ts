import { expect, test } from 'vitest';
import { createGuard, hostName, hostNameProblem } from './guard.ts';

test.each([
  ['localhost', 'localhost'],
  ['LocalHost:3333', 'localhost'],
  ['http://localhost:5173', 'localhost'],
  ['https://app.example.com', 'app.example.com'],
  ['[::1]:80', '[::1]'],
  ['::1', '[::1]'],
  ['fe80::1', '[fe80::1]'],
  ['vscode-webview://some-id', 'some-id'],
  ['x2+app://some-id', 'some-id'],
  [' localhost ', 'localhost'],
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
  '1http://localhost',
  '[::1]:80:80',
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

test('pages of allowed hosts and of this machine may send requests', () => {
  const guard = createGuard({ allow: ['app.example'], allowHint: '' });
  const ask = (origin: string) => guard(new Request('http://localhost/mcp', { headers: { origin } }))?.status;
  expect(['https://app.example', 'http://localhost:5173', 'http://127.0.0.1'].map(ask)).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  expect(ask('https://evil.example')).toBe(403);
});

test('an answer names what was refused, but no more than 100 characters of it', async () => {
  const refused = async (headers: Record<string, string>) => {
    const response = createGuard({ allow: [], allowHint: 'Ask.' })(new Request('http://localhost/mcp', { headers }));
    return ((await response?.json()) as { error?: { message: string } } | undefined)?.error?.message;
  };
  expect(await refused({ origin: 'https://Evil.example:8443' })).toBe('Origin evil.example is not allowed here. Ask.');
  expect(await refused({ host: 'a b' })).toBe('This Host is not allowed here. Ask.');
  const long = 'x'.repeat(200);
  expect(await refused({ host: long })).toBe(`Host ${long.slice(0, 100)} is not allowed here. Ask.`);
});

test('an allowed name that is not a host name allows nothing', () => {
  const guard = createGuard({ allow: ['a b'], allowHint: '' });
  expect(guard(new Request('http://localhost/mcp', { headers: { origin: 'null' } }))?.status).toBe(403);
});

test('the problem with a name says which one', () => {
  expect(hostNameProblem('models.example')).toBeUndefined();
  expect(hostNameProblem('a b')).toBe("'a b' is not a host name.");
});
