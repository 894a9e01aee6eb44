import { execFile } from 'node:child_process';
import { request as httpRequest } from 'node:http';
import { networkInterfaces } from 'node:os';
import { startScripted } from '@ollama-toolbelt/ollama-server';
import { describe, expect, test } from 'vitest';
import { call, cli, hello, nowhere } from '../../fixtures/mcp/connect.ts';
import {
  callTool,
  connectHttp,
  listTools,
  post,
  postHeaders,
  startHttp,
} from '../../fixtures/mcp-http/http-process.ts';

/** Sends headers that fetch does not allow. */
const raw = (
  url: string,
  options: { method?: string; path?: string; headers?: Record<string, string>; body?: string },
) =>
  new Promise<{ status: number; headers: Record<string, unknown>; body: string }>((resolve, reject) => {
    const { method = 'POST', path, headers = {}, body = JSON.stringify(listTools) } = options;
    const sent = httpRequest(
      url,
      { method, agent: false, headers: { ...postHeaders, ...headers }, ...(path && { path }) },
      (response) => {
        let text = '';
        response.on('data', (data: Buffer) => {
          text += data.toString();
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
      },
    );
    sent.on('error', reject);
    sent.end(method === 'POST' ? body : undefined);
  });

const reason = (body: string) => (JSON.parse(body) as { error: { message: string } }).error.message;

test('it lists and calls tools, and logs nothing', async () => {
  await using ollama = await startScripted();
  await using server = await startHttp(ollama);
  expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/mcp$/);
  await using connection = await connectHttp(server.url);
  expect(connection.transport.sessionId).toBeUndefined();
  expect((await connection.client.listTools()).tools.map(({ name }) => name)).toContain('ollama_chat');
  expect(await call(connection, 'ollama_chat', hello)).toMatchObject({
    isError: false,
    structured: { done_reason: 'stop' },
  });
  expect([server.stdout(), server.stderr()]).toEqual(['', '']);
});

test('--verbose logs method, tool, status and time, but no content', async () => {
  await using ollama = await startScripted();
  await using server = await startHttp({ ...ollama, host: ollama.host, args: ['--verbose'] });
  await using connection = await connectHttp(server.url);
  await call(connection, 'ollama_chat', { ...hello, messages: [{ role: 'user', content: 'secret words' }] });
  await post(server.url, callTool('a tool with secret words', {}));
  await raw(server.url, { headers: { host: 'evil.example' } });
  await expect.poll(server.stderr).toMatch(/POST: 403, \d+ ms/);
  expect(server.stderr()).toMatch(/POST initialize: 200, \d+ ms/);
  expect(server.stderr()).toMatch(/POST tools\/call ollama_chat: 200, \d+ ms/);
  expect(server.stderr()).not.toContain('secret');
  expect(server.stdout()).toBe('');
});

describe('access', () => {
  test.each([
    ['another host name', { host: 'evil.example' }, 'Host evil.example is not allowed here. --http-allow names'],
    ['another host name with the port', { host: 'evil.example:3333' }, 'Host evil.example'],
    ['a host that is not a name', { host: 'a@127.0.0.1' }, 'This Host is not allowed'],
    ['another origin', { origin: 'http://evil.example' }, 'Origin evil.example is not allowed here.'],
    ['an origin that starts like an allowed one', { origin: 'http://localhost.evil.example' }, 'Origin localhost.evil'],
    ['a null origin', { origin: 'null' }, 'This Origin is not allowed'],
  ])('%s is refused', async (_, headers, text) => {
    await using server = await startHttp({ host: nowhere });
    const answer = await raw(server.url, { headers });
    expect(answer.status).toBe(403);
    expect(JSON.parse(answer.body)).toMatchObject({ jsonrpc: '2.0', id: null });
    expect(reason(answer.body)).toContain(text);
  });

  test('names of this machine and of --http-allow are accepted', async () => {
    await using server = await startHttp({
      host: nowhere,
      args: ['--http-allow', 'models.example,https://App.example:8443'],
    });
    for (const headers of [
      { host: 'localhost:1' },
      { host: '[::1]:3333', origin: 'http://localhost:5173' },
      { host: 'Models.example' },
      { origin: 'https://app.example' },
    ]) {
      expect(await raw(server.url, { headers })).toMatchObject({ status: 200 });
    }
  });

  test('if a token is set, every request needs it', async () => {
    await using server = await startHttp({ host: nowhere, env: { OLLAMA_MCP_TOKEN: 'right-token' } });
    for (const headers of [
      {},
      { authorization: 'Bearer wrong-token' },
      { authorization: 'Bearer right-token2' },
      { authorization: 'Basic right-token' },
      { authorization: 'right-token' },
    ]) {
      const answer = await raw(server.url, { headers: headers as Record<string, string> });
      expect(answer.status).toBe(401);
      expect(reason(answer.body)).toContain('send the header Authorization: Bearer TOKEN');
      const isWrong = 'authorization' in headers && headers.authorization.startsWith('Bearer');
      const error = isWrong ? 'error="invalid_token", ' : '';
      expect(answer.headers['www-authenticate']).toBe(`Bearer ${error}error_description="${reason(answer.body)}"`);
      expect(answer.body).not.toContain('right-token');
    }
    expect((await fetch(`${server.url}?token=right-token`, { method: 'POST' })).status).toBe(401);
    await using connection = await connectHttp(server.url, 'right-token');
    await connection.client.listTools();
    await expect(connectHttp(server.url)).rejects.toThrow();
  });

  test.each(['0.0.0.0:0', '[::]:0'])('without a token it does not listen at %s', async (http) => {
    const { code, stderr } = await run(['--http', http]);
    expect(code).toBe(2);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toContain('OLLAMA_MCP_TOKEN');
  });

  test('with a token, it can listen on other addresses, with allowed names', async () => {
    await using server = await startHttp({ host: nowhere, http: '0.0.0.0:0', env: { OLLAMA_MCP_TOKEN: 't' } });
    const port = new URL(server.url).port;
    const authorization = 'Bearer t';
    expect(await raw(`http://127.0.0.1:${port}/mcp`, { headers: { authorization } })).toMatchObject({ status: 200 });
    const headers = { authorization, host: 'models.example' };
    expect(await raw(`http://127.0.0.1:${port}/mcp`, { headers })).toMatchObject({ status: 403 });
  });

  const outside = Object.values(networkInterfaces())
    .flatMap((all) => all ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal)?.address;
  // Skipped, and reported as skipped, on a machine that only has loopback addresses.
  test.skipIf(outside === undefined)('on a network address, too', async () => {
    await using server = await startHttp({ host: nowhere, http: '0.0.0.0:0', env: { OLLAMA_MCP_TOKEN: 't' } });
    const authorization = 'Bearer t';
    const url = `http://${outside}:${new URL(server.url).port}/mcp`;
    expect(await raw(url, { headers: { authorization } })).toMatchObject({ status: 403 });
    expect(await raw(url, { headers: { authorization, host: 'localhost' } })).toMatchObject({ status: 200 });
  });
});

describe('requests that are not MCP', () => {
  test('health, other paths and other methods', async () => {
    await using server = await startHttp({ host: nowhere, env: { OLLAMA_MCP_TOKEN: 't' } });
    const at = (path: string) => new URL(path, server.url);
    const health = await fetch(at('/healthz'));
    expect([health.status, await health.json()]).toEqual([200, { status: 'ok' }]);
    for (const path of ['/', '/mcp/more']) {
      const answer = await raw(at(path).href, { method: 'GET' });
      expect(answer).toMatchObject({ status: 404, headers: { 'content-type': 'application/json' } });
      expect(reason(answer.body)).toContain('/mcp');
    }
    for (const method of ['GET', 'DELETE', 'PUT', 'TRACE']) {
      const answer = await raw(server.url, { method, headers: { authorization: 'Bearer t' } });
      expect([400, 405]).toContain(answer.status);
      expect(reason(answer.body)).not.toBe('');
    }
  });

  test.each([
    ['no JSON', '{', 400, -32700],
    ['nothing', '', 400, -32700],
    ['no message', '{"a":1}', 400, -32600],
    ['null', 'null', 400, -32600],
    ['an empty batch', '[]', 202, 0],
  ])('%s gives an error in JSON', async (_, body, status, code) => {
    await using server = await startHttp({ host: nowhere });
    const answer = await raw(server.url, { body });
    expect(answer.status).toBe(status);
    if (status !== 202) expect(JSON.parse(answer.body)).toMatchObject({ jsonrpc: '2.0', error: { code } });
  });

  test.each([
    ['announced', true],
    ['found out', false],
  ])('a body over 20 MB is refused in JSON, its length %s', async (_, announced) => {
    await using server = await startHttp({ host: nowhere });
    const body = JSON.stringify(callTool('ollama_generate', { model: 'm', prompt: 'x'.repeat(21 * 1024 * 1024) }));
    const headers: Record<string, string> = announced
      ? { 'content-length': String(body.length) }
      : { 'transfer-encoding': 'chunked' };
    const answer = await raw(server.url, { body, headers });
    expect(answer.status).toBe(413);
    expect(reason(answer.body)).toBe('The body may have 20 MB at most.');
    expect(await raw(server.url, {})).toMatchObject({ status: 200 });
  });

  test('a body of 19 MB arrives', async () => {
    await using ollama = await startScripted();
    await using server = await startHttp(ollama);
    await using connection = await connectHttp(server.url);
    const prompt = 'x'.repeat(19 * 1024 * 1024);
    const { isError } = await call(connection, 'ollama_generate', { model: 'chat-model', prompt });
    expect(isError).toBe(false);
    expect(ollama.lastRequest.body).toMatchObject({ prompt });
  });
});

const run = (args: readonly string[], env: Record<string, string> = {}) =>
  new Promise<{ code: unknown; stderr: string }>((resolve) => {
    execFile(process.execPath, [cli, ...args], { env }, (error, _, stderr) => resolve({ code: error?.code, stderr }));
  });

test.each([
  ['--http=words', {}, '--http should be'],
  ['--http=70000', {}, '--http should be'],
  ['--http-allow=a b', {}, 'is not a host name'],
  ['--http=0', { OLLAMA_MCP_TOKEN: 'two words' }, 'token'],
])('%s with %j gives an error of one line', async (flag, env, text) => {
  const { code, stderr } = await run([flag], env);
  expect(code).toBe(2);
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect(stderr).toContain(text);
  expect(stderr).not.toContain('two words');
});

test('a port in use gives an error of one line', async () => {
  await using server = await startHttp({ host: nowhere });
  const { code, stderr } = await run(['--http', new URL(server.url).port]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^[^\n]*Cannot listen at 127\.0\.0\.1:\d+: [^\n]*EADDRINUSE[^\n]*\n$/);
});
