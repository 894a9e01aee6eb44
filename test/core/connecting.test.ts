import { on, once } from 'node:events';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createConnection, createServer, type Server } from 'node:net';
import tls from 'node:tls';
import { startScripted } from '@ollama-toolbelt/ollama-server';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { transports } from '../fixtures/core/clients.ts';
import { failureOf } from '../fixtures/core/failure.ts';
import { selfSigned } from '../fixtures/core/self-signed.ts';

/** Listens on a free port of 127.0.0.1, and closes with everything that is connected. */
async function listen(server: Server) {
  const sockets = new Set<import('node:net').Socket>();
  server.on('connection', (socket) => sockets.add(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

describe.each(transports)('on $transport', ({ createOllama }) => {
  test('https to a server that speaks http', async () => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host.replace('http:', 'https:'), retry: false });
    expect(await failureOf(ollama.version())).toMatchObject({ code: 'tls', phase: 'connect', retryable: false });
  });

  test('a service that does not speak HTTP', async () => {
    const server = createServer((socket) => socket.on('error', () => {}).end('SSH-2.0-OpenSSH_9.9\r\n'));
    await using listener = await listen(server);
    await using ollama = createOllama({ host: `http://127.0.0.1:${listener.port}`, retry: false });
    const error = await failureOf(ollama.version());
    expect(error).toMatchObject({ name: 'OllamaConnectionError', code: 'wrong_server', retryable: false });
    expect(error.hint).toContain('OLLAMA_HOST');
  });

  test('a server that comes back is reached again', async () => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host, retry: false });
    await ollama.version();
    await server.refuse();
    expect(await failureOf(ollama.version())).toMatchObject({ code: expect.stringMatching(/refused|reset/) });
    await server.accept();
    expect(await ollama.version()).toHaveProperty('version');
  });

  test.each([
    ['of the key', { apiKey: 'two\nlines' }],
    ['of a header', { headers: { 'x-own': 'two\r\nlines' } }],
    ['in the name of a header', { headers: { 'no name': 'value' } }],
  ])('a character that a header cannot hold: %s', async (_, options) => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host, ...options });
    const error = await failureOf(ollama.version());
    expect(error).toMatchObject({ name: 'OllamaError', code: 'bad_request', retryable: false });
    expect(`${error.message} ${error.hint} ${error.cause}`).not.toMatch(/lines|value/);
    expect(server.requests).toHaveLength(0);
  });
});

test('one abort does not affect connections that other calls are opening', async () => {
  const speaker = createTlsServer(selfSigned, (_, response) => response.end('{"version":"1.2.3"}'));
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  const listeningServer = createServer({ pauseOnConnect: true }, async (socket) => {
    socket.on('error', () => {});
    await opened;
    speaker.emit('connection', socket);
  });
  const bothConnected = on(listeningServer, 'connection');
  await using listener = await listen(listeningServer);
  const host = `https://127.0.0.1:${listener.port}`;
  await using ollama = transports[0].createOllama({ host, insecure: true, retry: false });
  const controller = new AbortController();
  const other = ollama.version();
  const failure = failureOf(ollama.version({ signal: controller.signal }));
  await bothConnected.next();
  await bothConnected.next();
  controller.abort();
  expect(await failure).toMatchObject({ code: 'aborted' });
  open();
  expect(await other).toEqual({ version: '1.2.3' });
});

test('a call that is aborted while the client starts opens no connection', async () => {
  let count = 0;
  const server = createServer((socket) => {
    count += 1;
    socket.on('error', () => {}).end();
  });
  await using listener = await listen(server);
  const ollama = transports[0].createOllama({ host: `http://127.0.0.1:${listener.port}` });
  const controller = new AbortController();
  const failure = failureOf(ollama.version({ signal: controller.signal }));
  controller.abort();
  expect(await failure).toMatchObject({ code: 'aborted' });
  // Waits for pending work. The server accepts connections in order, so any that was opened is known then.
  await ollama.close();
  const own = createConnection(listener.port, '127.0.0.1').resume();
  await once(own, 'close');
  expect(count).toBe(1);
});

test('a port that the platform’s fetch blocks', async () => {
  await using ollama = transports[1].createOllama({ host: 'http://127.0.0.1:6000', retry: false });
  expect(await failureOf(ollama.version())).toMatchObject({
    code: 'connection_failed',
    phase: 'connect',
    retryable: false,
  });
});

test('a certificate that is trusted explicitly, and one that is not checked', async () => {
  const answer = JSON.stringify({ version: '1.2.3' });
  await using server = await listen(createTlsServer(selfSigned, (_, response) => response.end(answer)));
  const host = `https://127.0.0.1:${server.port}`;
  for (const trust of [{ ca: selfSigned.cert }, { ca: [selfSigned.cert] }, { insecure: true }]) {
    await using ollama = transports[0].createOllama({ host, ...trust });
    expect(await ollama.version()).toEqual({ version: '1.2.3' });
  }
});

test('an explicitly trusted certificate is added to the usual ones', async () => {
  await using server = await listen(createTlsServer(selfSigned, (_, response) => response.end('{"version":"1"}')));
  const connect = vi.spyOn(tls, 'connect');
  onTestFinished(() => connect.mockRestore());
  await using ollama = transports[0].createOllama({
    host: `https://127.0.0.1:${server.port}`,
    ca: selfSigned.cert,
  });
  await ollama.version();
  const [options] = connect.mock.lastCall as unknown as [tls.ConnectionOptions];
  expect(options.ca).toEqual([...tls.rootCertificates, selfSigned.cert]);
});
