import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createOllama as createOnFetch } from '@ollama-toolbelt/core/fetch';
import { createOllama as createNeutral } from '@ollama-toolbelt/core/neutral';
import { createOllama } from '@ollama-toolbelt/core/node';
import { startScripted } from '@ollama-toolbelt/ollama-server';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { chunksOf } from '../fixtures/core/calls.ts';
import { transports } from '../fixtures/core/clients.ts';
import { failureOf } from '../fixtures/core/failure.ts';

beforeEach(() => {
  for (const name of ['OLLAMA_HOST', 'OLLAMA_API_KEY', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY']) {
    vi.stubEnv(name, undefined);
    vi.stubEnv(name.toLowerCase(), undefined);
  }
});
afterEach(() => {
  vi.unstubAllEnvs();
});

const basic = (credentials: string) => `Basic ${Buffer.from(credentials).toString('base64')}`;

describe('the address', () => {
  test('is 127.0.0.1:11434 by default', () => {
    expect(createOllama().url).toBe('http://127.0.0.1:11434');
    expect(createOnFetch().url).toBe('http://127.0.0.1:11434');
    vi.stubEnv('OLLAMA_HOST', '');
    expect(createOllama().url).toBe('http://127.0.0.1:11434');
    vi.stubEnv('OLLAMA_HOST', ' ');
    expect(createOllama().url).toBe('http://127.0.0.1:11434');
  });

  test('comes from OLLAMA_HOST, on Node only', async () => {
    await using server = await startScripted();
    vi.stubEnv('OLLAMA_HOST', `127.0.0.1:${server.port}/`);
    await using ollama = createOllama();
    expect(ollama.url).toBe(server.host);
    expect(await ollama.version()).toHaveProperty('version');
    expect(createOnFetch().url).toBe('http://127.0.0.1:11434');
  });

  test('as an option overrides OLLAMA_HOST', () => {
    vi.stubEnv('OLLAMA_HOST', 'http://10.0.0.1');
    expect(createOllama({ host: 'example.com' }).url).toBe('http://example.com:11434');
  });

  test('that cannot be read is an error at once', () => {
    vi.stubEnv('OLLAMA_HOST', 'ftp://example.com');
    const error = expect.objectContaining({ name: 'OllamaError', code: 'bad_host', hint: expect.any(String) });
    expect(() => createOllama()).toThrow(error);
    expect(() => createOnFetch({ host: 'ftp://example.com' })).toThrow(error);
  });

  test('never shows its credentials', () => {
    const ollama = createOllama({ host: 'http://user:pass@example.com/ollama' });
    expect(ollama.url).toBe('http://example.com:80/ollama');
    expect(JSON.stringify(ollama)).not.toContain('pass');
  });

  test('may have a path before the API', async () => {
    await using server = await startScripted();
    for (const host of [`${server.host}/ollama`, `${server.host}/ollama/api/`]) {
      await using ollama = createOllama({ host });
      expect(await failureOf(ollama.version())).toMatchObject({ code: 'not_found', status: 404 });
      expect(server.lastRequest.url).toBe('/ollama/api/version');
    }
  });

  test('may be a Unix socket', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ollama-toolbelt-'));
    const hosts: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      hosts.push(request.headers.host);
      response.end(
        JSON.stringify(request.url === '/api/version' ? { version: '1.2.3' } : { done: true, response: 'x' }),
      );
    });
    try {
      server.listen(join(folder, 'ollama.sock'));
      await once(server, 'listening');
      vi.stubEnv('OLLAMA_HOST', `unix://${folder}/ollama.sock`);
      await using ollama = createOllama();
      expect(await ollama.version()).toEqual({ version: '1.2.3' });
      expect(await chunksOf(ollama.generateStream({ model: 'm', prompt: 'x' }))).toHaveLength(1);
      expect(hosts).toEqual(['localhost', 'localhost']);
      await using missing = createOllama({ host: `unix://${folder}/missing.sock` });
      expect(await failureOf(missing.version())).toMatchObject({ code: 'refused', phase: 'connect' });
    } finally {
      server.close();
      await rm(folder, { recursive: true });
    }
  });

  test('cannot be a Unix socket with fetch', () => {
    const error = expect.objectContaining({ code: 'bad_host', hint: expect.stringContaining('/node') });
    expect(() => createOnFetch({ host: 'unix:///run/ollama.sock' })).toThrow(error);
  });
});

describe('the key', () => {
  test('comes from OLLAMA_API_KEY, on Node only, and goes to the configured host', async () => {
    await using server = await startScripted();
    vi.stubEnv('OLLAMA_API_KEY', 'from-the-environment\n');
    await using ollama = createOllama({ host: server.host });
    await ollama.version();
    expect(server.lastRequest.headers.authorization).toBe('Bearer from-the-environment');
    await createOnFetch({ host: server.host }).version();
    expect(server.lastRequest.headers.authorization).toBeUndefined();
  });

  test('as an option overrides the environment, even if it is empty', async () => {
    await using server = await startScripted();
    vi.stubEnv('OLLAMA_API_KEY', 'from-the-environment');
    await using mine = createOllama({ host: server.host, apiKey: 'mine' });
    await mine.version();
    expect(server.lastRequest.headers.authorization).toBe('Bearer mine');
    await using none = createOllama({ host: server.host, apiKey: '' });
    await none.version();
    expect(server.lastRequest.headers.authorization).toBeUndefined();
  });

  test.each(transports)('is overridden by credentials in the address, and they by headers: $transport', async (it) => {
    await using server = await startScripted();
    const host = server.host.replace('http://', 'http://user:p%40ss@');
    const headers = { Authorization: 'Token of-the-client', 'X-Own': 'a' };
    const sent = async (options: object, call = {}) => {
      await using ollama = it.createOllama({ apiKey: 'key', ...options });
      await ollama.version(call);
      return server.lastRequest.headers;
    };
    expect(await sent({ host: server.host })).toMatchObject({ authorization: 'Bearer key' });
    expect(await sent({ host })).toMatchObject({ authorization: basic('user:p@ss') });
    expect(await sent({ host, headers })).toMatchObject({ authorization: 'Token of-the-client', 'x-own': 'a' });
    const ofTheCall = { headers: { AUTHORIZATION: 'Token of-the-call' } };
    expect(await sent({ host, headers }, ofTheCall)).toMatchObject({
      authorization: 'Token of-the-call',
      'x-own': 'a',
    });
  });
});

test('the other headers of each transport', async () => {
  await using server = await startScripted();
  const names = [];
  for (const { createOllama: create } of transports) {
    await using ollama = create({ host: server.host });
    await ollama.chat({ model: 'chat-model', messages: [] });
    names.push(Object.keys(server.lastRequest.headers).sort());
  }
  const both = ['connection', 'content-length', 'content-type', 'host', 'user-agent'];
  // The platform’s fetch adds its own headers and asks for compression, which Ollama itself never uses.
  const fetchOnly = ['accept', 'accept-encoding', 'accept-language', 'sec-fetch-mode'];
  expect(names).toEqual([both, [...both, ...fetchOnly].sort()]);
});

test('the neutral entry gets its transport from the caller', async () => {
  const urls: string[] = [];
  const ollama = createNeutral({
    host: 'example.com',
    apiKey: 'key',
    transport: async (request) => {
      urls.push(`${request.method} ${request.url} ${request.headers['authorization']}`);
      return { status: 200, headers: {}, body: new Blob(['{"version":"1"}']).stream() };
    },
    sleep: () => new Promise(() => {}),
    now: () => 0,
  });
  expect(await ollama.version()).toEqual({ version: '1' });
  expect(urls).toEqual(['GET http://example.com:11434/api/version Bearer key']);
  await ollama.close();
});
