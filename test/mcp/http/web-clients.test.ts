import { request as httpRequest } from 'node:http';
import { faults, gate, startScripted } from '@ollama-toolbelt/ollama-server';
import { describe, expect, test } from 'vitest';
import { chromium } from '../../fixtures/chromium.ts';
import { ChromiumPage } from '../../fixtures/chromium-page.ts';
import { hello, nowhere } from '../../fixtures/mcp/connect.ts';
import { callTool, initialize, listTools, startHttp } from '../../fixtures/mcp-http/http-process.ts';
import { serveMcp } from '../../fixtures/mcp-http/serve-mcp.ts';

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/** Sends only the given headers. */
const send = (url: string, method: string, headers: Record<string, string>, body?: unknown) =>
  new Promise<Answer>((resolve, reject) => {
    const sent = httpRequest(url, { method, headers, agent: false }, (response) => {
      let text = '';
      response.on('data', (data: Buffer) => {
        text += data.toString();
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
    });
    sent.on('error', reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });

const json = { 'content-type': 'application/json' };

describe('Accept', () => {
  test.each([
    ['none', undefined, 'application/json'],
    ['anything', '*/*', 'application/json'],
    ['JSON alone', 'application/json', 'application/json'],
    ['JSON in another case', 'Application/JSON; q=0.9', 'application/json'],
    ['JSON of another name', 'application/json-rpc', 'application/json'],
    ['a star', 'text/html, *; q=.2', 'application/json'],
    ['no events', 'text/event-stream;q=0, application/json', 'application/json'],
    ['events alone', 'text/event-stream', 'text/event-stream'],
    ['both in another case', 'APPLICATION/JSON, TEXT/EVENT-STREAM', 'text/event-stream'],
  ])('%s', async (_, accept, type) => {
    await using server = await startHttp({ host: nowhere });
    for (const url of [server.url, `${server.url}/`]) {
      const headers = { ...json, ...(accept !== undefined && { accept }) };
      const { status, headers: got, body } = await send(url, 'POST', headers, listTools);
      expect([status, got['content-type']]).toEqual([200, type]);
      const text = type === 'application/json' ? body : (/^data: (.*)$/m.exec(body)?.[1] ?? '');
      expect(JSON.parse(text)).toMatchObject({ id: 1, result: { tools: expect.any(Array) } });
    }
  });

  test('a batch, and a call with progress, as JSON', async () => {
    await using ollama = await startScripted();
    await using server = await startHttp({ host: ollama.host });
    const one = { ...callTool('ollama_chat', hello), id: 'a' };
    const withProgress = { ...one, id: 'b', params: { ...one.params, _meta: { progressToken: 1 } } };
    const single = await send(server.url, 'POST', json, withProgress);
    expect(JSON.parse(single.body)).toMatchObject({ id: 'b', result: { structuredContent: { done_reason: 'stop' } } });
    const batch = await send(server.url, 'POST', json, [one, withProgress]);
    expect(JSON.parse(batch.body)).toHaveLength(2);
    // A batch with a single response is answered with a batch, too.
    for (const small of [[one], [one, { jsonrpc: '2.0', method: 'notifications/initialized' }]])
      expect(JSON.parse((await send(server.url, 'POST', json, small)).body)).toMatchObject([{ id: 'a' }]);
  });

  test('a client that accepts JSON and disconnects cancels its call', async () => {
    await using ollama = await startScripted();
    await using server = await startHttp({ host: ollama.host });
    const stall = gate();
    ollama.chat(faults.stallBeforeHeaders(stall));
    const controller = new AbortController();
    const body = JSON.stringify(callTool('ollama_chat', hello));
    const asked = fetch(server.url, { method: 'POST', headers: json, body, signal: controller.signal })
      .then((response) => response.text())
      .catch(() => 'left');
    await stall.reached;
    controller.abort();
    expect(await asked).toBe('left');
    await expect(ollama.lastRequest.closed).resolves.toBe('aborted');
  });

  test.each(['', 'application/json-rpc', 'APPLICATION/JSON;charset=UTF-8', 'application/vnd.api+json'])(
    'a body of the type "%s" is JSON',
    async (type) => {
      await using server = await startHttp({ host: nowhere });
      const headers = type === '' ? {} : { 'content-type': type };
      expect((await send(server.url, 'POST', headers, listTools)).status).toBe(200);
      expect((await send(server.url, 'POST', { 'content-type': 'text/plain' }, listTools)).status).toBe(415);
    },
  );

  test('any other type is refused', async () => {
    await using server = await startHttp({ host: nowhere });
    expect((await send(server.url, 'POST', { ...json, accept: 'image/png' }, listTools)).status).toBe(406);
  });
});

test('the connection is closed if the client asks for that', async () => {
  await using server = await startHttp({ host: nowhere });
  for (const accept of ['text/event-stream', 'application/json']) {
    const { headers } = await send(server.url, 'POST', { ...json, accept, connection: 'close' }, listTools);
    expect(headers['connection']).toBe('close');
  }
});

test('a person in a browser gets a page that says what this is', async () => {
  await using server = await startHttp({ host: nowhere, env: { OLLAMA_MCP_TOKEN: 't' } });
  for (const path of ['/mcp', '/mcp/', '/']) {
    const { status, headers, body } = await send(new URL(path, server.url).href, 'GET', { accept: 'text/html,*/*' });
    expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(body).toContain('MCP server');
    expect(body).toContain(`claude mcp add --transport http ollama ${server.url}`);
  }
  const evil = await send(server.url, 'GET', { accept: 'text/html', host: 'evil.example' });
  expect(evil.status).toBe(403);
});

describe('web pages of other origins', () => {
  const preflight = {
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'authorization,content-type,mcp-session-id',
  };

  test.each([
    ['http://localhost:6274', true],
    ['http://127.0.0.1:5173', true],
    ['https://app.example.com', true],
    ['https://evil.example', false],
    ['null', false],
  ])('%s', async (origin, isAllowed) => {
    await using server = await startHttp({
      host: nowhere,
      env: { OLLAMA_MCP_TOKEN: 't' },
      args: ['--http-allow', 'app.example.com', '--http-sessions'],
    });
    const asked = await send(server.url, 'OPTIONS', { origin, ...preflight });
    const without = await send(server.url, 'POST', { origin, ...json }, initialize);
    const called = await send(server.url, 'POST', { origin, ...json, authorization: 'Bearer t' }, initialize);
    expect([asked.status, without.status, called.status]).toEqual(isAllowed ? [204, 401, 200] : [403, 403, 403]);
    for (const { headers } of [asked, without, called]) {
      expect(headers['access-control-allow-origin']).toBe(isAllowed ? origin : undefined);
    }
    if (!isAllowed) return;
    expect(asked.headers).toMatchObject({
      'access-control-allow-methods': 'POST, GET, DELETE, OPTIONS',
      'access-control-allow-headers': preflight['access-control-request-headers'],
    });
    expect(called.headers).toMatchObject({
      'mcp-session-id': expect.any(String),
      'access-control-expose-headers': expect.stringContaining('Mcp-Session-Id'),
      vary: expect.stringContaining('Origin'),
    });
  });

  test('OPTIONS that is not a preflight needs the token too', async () => {
    await using server = await startHttp({ host: nowhere, env: { OLLAMA_MCP_TOKEN: 't' } });
    expect((await send(server.url, 'OPTIONS', {})).status).toBe(401);
  });

  test.skipIf(chromium === undefined)('a page in Chromium can use a session, with its token', async () => {
    await using ollama = await startScripted();
    await using server = await startHttp({
      host: ollama.host,
      env: { OLLAMA_MCP_TOKEN: 't' },
      args: ['--http-sessions'],
    });
    await using site = await serveMcp((_, response) => void response.end('<title>a page</title>'));
    await using page = await ChromiumPage.open(chromium!, { width: 400, height: 400 });
    await page.goto(site.url);
    await page.until("document.title === 'a page'");
    const evaluated = await page.evaluate<unknown>(`(async () => {
      const post = (message, headers) => fetch(${JSON.stringify(server.url)}, { method: 'POST', body: JSON.stringify(message),
        headers: { 'Content-Type': 'application/json', Accept: 'application/json', Authorization: 'Bearer t', ...headers } });
      const begun = await post(${JSON.stringify(initialize)}, {});
      const id = begun.headers.get('mcp-session-id');
      const answer = await post(${JSON.stringify(callTool('ollama_chat', hello))}, { 'Mcp-Session-Id': id });
      return [typeof id, (await answer.json()).result.structuredContent.done_reason];
    })()`);
    expect(evaluated).toEqual(['string', 'stop']);
  });
});
