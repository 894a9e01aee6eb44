import { once } from 'node:events';
import { createServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { createOllama } from '@ollama-toolbelt/core/node';
import { startScripted } from '@ollama-toolbelt/ollama-server';
import { expect, test, vi } from 'vitest';
import { chunksOf } from '../fixtures/core/calls.ts';
import { failureOf } from '../fixtures/core/failure.ts';
import { secret } from '../fixtures/core/secrets.ts';
import { selfSigned } from '../fixtures/core/self-signed.ts';
import { startSocksProxy } from '../fixtures/core/socks-proxy.ts';

const chat = { model: 'chat-model', messages: [{ role: 'user' as const, content: 'Hello!' }] };

test.each(['socks5', 'socks5h', 'socks', 'SOCKS5'])('%s: requests and streams go through the proxy', async (scheme) => {
  await using server = await startScripted();
  await using proxy = await startSocksProxy({ route: { host: '127.0.0.1', port: server.port } });
  await using ollama = createOllama({
    host: 'http://ollama.internal:11434',
    proxy: `${scheme}://127.0.0.1:${proxy.port}`,
  });
  expect(await ollama.version()).toEqual({ version: '0.33.0' });
  expect((await chunksOf(ollama.chatStream(chat))).at(-1)).toMatchObject({ done: true });
  // The proxy resolves the name.
  expect([...new Set(proxy.seen)]).toEqual(['ollama.internal:11434']);
});

test('with a name and a password', async () => {
  await using server = await startScripted();
  const login = { user: 'me', password: 'pass word' };
  await using proxy = await startSocksProxy({ login });
  const through = (userinfo: string) =>
    createOllama({ host: server.host, proxy: `socks5://${userinfo}127.0.0.1:${proxy.port}`, retry: false });
  await using ollama = through('me:pass%20word@');
  expect(await ollama.version()).toEqual({ version: '0.33.0' });
  for (const userinfo of ['', `me:${secret.key}@`]) {
    await using refused = through(userinfo);
    const error = await failureOf(refused.version());
    expect(error).toMatchObject({ code: 'refused', phase: 'connect', hint: expect.stringContaining('SOCKS5') });
  }
});

test('https through the proxy, with the certificate of the server', async () => {
  const secure = createServer(selfSigned, (_, response) => {
    response.setHeader('content-type', 'application/json').end('{"version":"1.2.3"}');
  });
  secure.listen(0, '127.0.0.1');
  await once(secure, 'listening');
  await using proxy = await startSocksProxy();
  const host = `https://127.0.0.1:${(secure.address() as AddressInfo).port}`;
  const address = `socks5://127.0.0.1:${proxy.port}`;
  try {
    await using ollama = createOllama({ host, proxy: address, ca: selfSigned.cert });
    expect(await ollama.version()).toEqual({ version: '1.2.3' });
    await using wary = createOllama({ host, proxy: address, retry: false });
    expect(await failureOf(wary.version())).toMatchObject({ code: 'tls' });
  } finally {
    secure.closeAllConnections();
    secure.close();
    await once(secure, 'close');
  }
});

test('comes from HTTP_PROXY', async () => {
  await using server = await startScripted();
  await using proxy = await startSocksProxy({ route: { host: '127.0.0.1', port: server.port } });
  vi.stubEnv('http_proxy', undefined);
  vi.stubEnv('HTTP_PROXY', `socks5h://127.0.0.1:${proxy.port}`);
  try {
    await using ollama = createOllama({ host: 'http://ollama.internal:11434' });
    expect(await ollama.version()).toEqual({ version: '0.33.0' });
  } finally {
    vi.unstubAllEnvs();
  }
});

test('a server that the proxy cannot reach', async () => {
  await using proxy = await startSocksProxy({ reply: 5 });
  await using ollama = createOllama({ host: 'http://127.0.0.1:9', proxy: `socks5://127.0.0.1:${proxy.port}` });
  const error = await failureOf(ollama.version());
  expect(error).toMatchObject({ code: 'refused', systemCode: 'ERR_SOCKS', phase: 'connect' });
  expect(error.message).toContain('SOCKS proxy');
});

test('a proxy that is down, one that does not respond, and one that is not a proxy', async () => {
  const gone = await startSocksProxy();
  await gone[Symbol.asyncDispose]();
  await using ollama = createOllama({ host: 'http://127.0.0.1:9', proxy: `socks5://127.0.0.1:${gone.port}` });
  expect(await failureOf(ollama.version())).toMatchObject({ code: 'refused', systemCode: 'ECONNREFUSED' });

  const answers = [undefined, 'HTTP/1.1 400 Bad Request\r\n\r\n'];
  for (const answer of answers) {
    const other = createTcpServer((socket) => {
      socket.on('error', () => {});
      if (answer !== undefined) socket.end(answer);
    });
    other.listen(0, '127.0.0.1');
    await once(other, 'listening');
    const proxy = `socks5://127.0.0.1:${(other.address() as AddressInfo).port}`;
    // Only silence needs a deadline.
    const timeouts = answer === undefined ? { connectMs: 100 } : {};
    await using through = createOllama({ host: 'http://127.0.0.1:9', proxy, timeouts });
    const expected = answer === undefined ? { code: 'timeout', limit: 'connect' } : { code: 'refused' };
    expect(await failureOf(through.version())).toMatchObject(expected);
    other.close();
  }
});

test.each([
  ['socks4://127.0.0.1:1080', 'socks4://'],
  [`ftp://me:${secret.key}@proxy.example`, 'ftp://'],
  [`http://me:${secret.key}@:port`, 'cannot be read'],
])('%s is refused by name', async (proxy, expectedMessage) => {
  const error = await failureOf((async () => createOllama({ proxy }))());
  expect(error).toMatchObject({ code: 'bad_request', option: 'proxy', hint: expect.stringContaining('socks5://') });
  expect(error.message).toContain(expectedMessage);
});

test('a word before "://" that may be a password is not shown', async () => {
  const error = await failureOf((async () => createOllama({ proxy: 'hunter2://proxy.example' }))());
  expect(error).toMatchObject({ code: 'bad_request', option: 'proxy' });
  expect(`${error.stack} ${error.hint}`).not.toContain('hunter2');
});

test('every request has a User-Agent, and the caller’s own wins', async () => {
  await using server = await startScripted();
  await using ollama = createOllama({ host: server.host });
  await ollama.version();
  expect(server.lastRequest.headers['user-agent']).toMatch(/^ollama-toolbelt\/\d+\.\d+\.\d+ \(node \d+\.\d+\.\d+\)$/);
  await ollama.version({ headers: { 'User-Agent': 'mine' } });
  expect(server.lastRequest.headers['user-agent']).toBe('mine');
  await using named = createOllama({ host: server.host, headers: new Headers({ 'User-Agent': 'ours' }) });
  await named.blobs.upload(new Uint8Array([1]));
  expect(server.requests.map(({ headers }) => headers['user-agent']).slice(2)).toEqual(['ours', 'ours']);
});

test('a client may get its own function to open files', async () => {
  const opened: string[] = [];
  const openFile = async (path: string) => {
    opened.push(path);
    throw new Error('not allowed');
  };
  await using server = await startScripted();
  await using ollama = createOllama({ host: server.host, openFile });
  await failureOf(ollama.blobs.upload(import.meta.filename));
  expect(opened).toHaveLength(1);
});
