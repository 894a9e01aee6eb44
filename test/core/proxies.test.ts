import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createOllama } from '@ollama-toolbelt/core/node';
import { gate, type ScriptedServer, startScripted } from '@ollama-toolbelt/ollama-server';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { chunksOf } from '../fixtures/core/calls.ts';
import { failureOf } from '../fixtures/core/failure.ts';
import { startProxy } from '../fixtures/core/forward-proxy.ts';
import { secret } from '../fixtures/core/secrets.ts';
import { selfSigned } from '../fixtures/core/self-signed.ts';

let server: ScriptedServer;
beforeEach(async () => {
  for (const name of ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY']) {
    vi.stubEnv(name, undefined);
    vi.stubEnv(name.toLowerCase(), undefined);
  }
  server = await startScripted();
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await server.close();
});

const chat = { model: 'chat-model', messages: [{ role: 'user' as const, content: secret.prompt }] };

describe('http', () => {
  test('the address of the proxy needs no scheme', async () => {
    await using proxy = await startProxy();
    await using ollama = createOllama({ host: server.host, proxy: proxy.url.slice('http://'.length) });
    expect(await ollama.version()).toEqual({ version: '0.33.0' });
    expect(proxy.seen).toHaveLength(1);
  });

  test('goes through the proxy as a request with the full address', async () => {
    await using proxy = await startProxy();
    await using ollama = createOllama({ host: server.host, proxy: proxy.url, apiKey: secret.key });
    expect(await ollama.version()).toEqual({ version: '0.33.0' });
    expect((await chunksOf(ollama.chatStream(chat))).at(-1)).toMatchObject({ done: true });
    expect(proxy.seen.map(({ line }) => line)).toEqual([
      `GET ${server.host}/api/version`,
      `POST ${server.host}/api/chat`,
    ]);
    expect(server.lastRequest.body).toEqual({ ...chat, stream: true });
    expect(server.lastRequest.headers).toMatchObject({
      host: `127.0.0.1:${server.port}`,
      authorization: `Bearer ${secret.key}`,
    });
  });

  test('with the name and password of the proxy, which the server never sees', async () => {
    await using proxy = await startProxy();
    const address = proxy.url.replace('://', '://someone:pass%20word@');
    await using ollama = createOllama({ host: server.host, proxy: address, apiKey: '' });
    await ollama.version();
    const basic = `Basic ${Buffer.from('someone:pass word').toString('base64')}`;
    expect(proxy.seen).toEqual([
      { line: `GET ${server.host}/api/version`, authorization: undefined, proxyAuthorization: basic },
    ]);
    expect(server.lastRequest.headers).not.toHaveProperty('proxy-authorization');
  });

  test('leaving a stream closes the connection on both sides', async () => {
    await using proxy = await startProxy();
    await using ollama = createOllama({ host: server.host, proxy: proxy.url });
    server.chat({ text: ['Hel', gate(), 'lo'] });
    for await (const _ of ollama.chatStream(chat)) break;
    expect(await server.lastRequest.closed).toBe('aborted');
  });

  test('comes from HTTP_PROXY by default', async () => {
    await using proxy = await startProxy({ host: '127.0.0.1', port: server.port });
    vi.stubEnv('HTTP_PROXY', proxy.url);
    await using ollama = createOllama({ host: 'http://ollama.internal:11434' });
    expect(await ollama.version()).toEqual({ version: '0.33.0' });
    expect(proxy.seen).toMatchObject([{ line: 'GET http://ollama.internal:11434/api/version' }]);
  });

  test('never comes from the environment for this machine', async () => {
    await using proxy = await startProxy();
    vi.stubEnv('HTTP_PROXY', proxy.url);
    await using ollama = createOllama({ host: server.host });
    await ollama.version();
    expect(proxy.seen).toEqual([]);
  });

  test('a proxy that is down is a connection error', async () => {
    const gone = await startProxy();
    await gone[Symbol.asyncDispose]();
    await using ollama = createOllama({ host: server.host, proxy: gone.url, retry: false });
    expect(await failureOf(ollama.chat(chat))).toMatchObject({ code: 'refused', phase: 'connect' });
    expect(server.requests).toEqual([]);
  });
});

describe('https', () => {
  /** A server behind TLS with a self-signed certificate. */
  async function startSecure() {
    const keys: (string | undefined)[] = [];
    const secure = createServer(selfSigned, (request, response) => {
      keys.push(request.headers.authorization);
      response.setHeader('content-type', 'application/json').end('{"version":"1.2.3"}');
    });
    secure.listen(0, '127.0.0.1');
    await once(secure, 'listening');
    return {
      port: (secure.address() as AddressInfo).port,
      keys,
      async [Symbol.asyncDispose]() {
        secure.closeAllConnections();
        secure.close();
        await once(secure, 'close');
      },
    };
  }

  test('goes through a tunnel, so the proxy sees only the host name', async () => {
    await using secure = await startSecure();
    await using proxy = await startProxy();
    const host = `https://127.0.0.1:${secure.port}`;
    await using ollama = createOllama({ host, proxy: proxy.url, ca: selfSigned.cert, apiKey: secret.key });
    expect(await ollama.version()).toEqual({ version: '1.2.3' });
    expect(proxy.seen).toMatchObject([{ line: `CONNECT 127.0.0.1:${secure.port}`, authorization: undefined }]);
    expect(secure.keys).toEqual([`Bearer ${secret.key}`]);
  });

  test('the certificate is checked through a tunnel too', async () => {
    await using secure = await startSecure();
    await using proxy = await startProxy();
    const host = `https://127.0.0.1:${secure.port}`;
    await using wary = createOllama({ host, proxy: proxy.url, retry: false });
    expect(await failureOf(wary.version())).toMatchObject({ code: 'tls', phase: 'connect' });
    await using careless = createOllama({ host, proxy: proxy.url, insecure: true });
    expect(await careless.version()).toEqual({ version: '1.2.3' });
  });

  test('comes from HTTPS_PROXY', async () => {
    await using secure = await startSecure();
    await using proxy = await startProxy({ host: '127.0.0.1', port: secure.port });
    vi.stubEnv('HTTPS_PROXY', proxy.url);
    await using ollama = createOllama({ host: 'https://ollama.invalid', insecure: true });
    expect(await ollama.version()).toEqual({ version: '1.2.3' });
    expect(proxy.seen).toMatchObject([{ line: 'CONNECT ollama.invalid:443' }]);
  });
});

test('proxy: false ignores the environment', async () => {
  await using proxy = await startProxy({ host: '127.0.0.1', port: server.port });
  vi.stubEnv('HTTP_PROXY', proxy.url);
  // Nothing listens on a port of the documentation’s network; what counts is that the proxy gets no request.
  const timeouts = { connectMs: 50 };
  await using ollama = createOllama({ host: 'http://192.0.2.1:11434', proxy: false, timeouts, retry: false });
  expect((await failureOf(ollama.version())).phase).toBe('connect');
  expect(proxy.seen).toEqual([]);
});

test('the environment need not be readable if the option is set', () => {
  vi.stubEnv('HTTP_PROXY', 'http://name:50%@proxy.example:3128');
  const host = 'http://192.0.2.1:11434';
  expect(() => createOllama({ host })).toThrow(/^The address of the proxy cannot be read/);
  expect(createOllama({ host, proxy: false }).url).toBe(host);
  expect(createOllama({ host, proxy: 'http://127.0.0.1:3128' }).url).toBe(host);
});

test('a socket cannot be reached through a proxy: one from the environment is not used, the option is refused', () => {
  vi.stubEnv('HTTP_PROXY', 'http://127.0.0.1:3128');
  const host = 'unix:///run/ollama.sock';
  expect(createOllama({ host }).url).toBe('http://localhost');
  expect(createOllama({ host, proxy: false }).url).toBe('http://localhost');
  const refused = expect.objectContaining({ code: 'bad_request', option: 'proxy' });
  expect(() => createOllama({ host, proxy: 'http://127.0.0.1:3128' })).toThrow(refused);
});

test('NO_PROXY bypasses the proxy', async () => {
  await using proxy = await startProxy({ host: '127.0.0.1', port: server.port });
  vi.stubEnv('HTTP_PROXY', proxy.url);
  vi.stubEnv('NO_PROXY', 'example.com,192.0.2.0/24');
  await using ollama = createOllama({ host: 'http://192.0.2.1:11434', timeouts: { connectMs: 50 }, retry: false });
  expect((await failureOf(ollama.version())).phase).toBe('connect');
  expect(proxy.seen).toEqual([]);
});
