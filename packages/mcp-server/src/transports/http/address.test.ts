import { expect, test } from 'vitest';
import { parseCommandLine } from '../../cli/command-line.ts';
import { inUrl, isLoopback, parseHttpAddress } from './address.ts';

test.each([
  ['3333', '127.0.0.1:3333', true],
  ['0', '127.0.0.1:0', true],
  ['localhost:80', 'localhost:80', true],
  ['127.1.2.3:80', '127.1.2.3:80', true],
  ['[::1]:80', '[::1]:80', true],
  ['0.0.0.0:3333', '0.0.0.0:3333', false],
  ['[::]:3333', '[::]:3333', false],
  ['192.168.1.5:3333', '192.168.1.5:3333', false],
  ['localhost.example.com:65535', 'localhost.example.com:65535', false],
])('%s is an address', (text, written, own) => {
  const address = parseHttpAddress(text);
  expect(address && inUrl(address)).toBe(written);
  expect(address && isLoopback(address.host)).toBe(own);
});

test.each(['', '65536', '-1', '127.0.0.1', '::1:80', 'http://localhost:80', 'a b:80', '1:2:3'])(
  '"%s" is none',
  (text) => {
    expect(parseHttpAddress(text)).toBeUndefined();
  },
);

test.each([
  [['--http'], {}, '127.0.0.1:3333'],
  [['--http', '--verbose'], {}, '127.0.0.1:3333'],
  [['--http', '4000'], {}, '4000'],
  [['--http=4000'], { OLLAMA_MCP_HTTP: '5000' }, '4000'],
  [[], { OLLAMA_MCP_HTTP: '0.0.0.0:5000' }, '0.0.0.0:5000'],
  [[], {}, undefined],
])('%j with %j serves at %s', (argv, env, address) => {
  expect(parseCommandLine(argv, env)).toMatchObject({ run: 'serve', config: { http: address } });
});

test('the token comes from the environment alone', () => {
  const env = {
    OLLAMA_MCP_TOKEN: 'secret',
    OLLAMA_MCP_HTTP_ALLOW: 'a.example, b.example',
    OLLAMA_MCP_HTTP_SESSIONS: '1',
  };
  expect(parseCommandLine([], env)).toMatchObject({
    config: { token: 'secret', httpAllow: ['a.example', 'b.example'], httpSessions: true },
  });
  expect(() => parseCommandLine(['--token', 'secret'], {})).toThrow('Unknown flag --token');
});
