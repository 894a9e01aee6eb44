import { type ScriptedServer, startScripted } from '@ollama-toolbelt/ollama-server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hello, nowhere } from '../../fixtures/mcp/connect.ts';
import { type HttpProcess, initialize, listTools, post, startHttp } from '../../fixtures/mcp-http/http-process.ts';
import { answerIn, envelope, modernCall } from '../../fixtures/mcp-http/modern-post.ts';

const modes = [
  ['stateless', []],
  ['with sessions', ['--http-sessions']],
] as const;

describe.each(modes)('2026-07-28 over HTTP, %s', (_, args) => {
  let server: HttpProcess;
  let ollama: ScriptedServer;
  beforeAll(async () => {
    ollama = await startScripted();
    server = await startHttp({ host: ollama.host, args });
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    await ollama[Symbol.asyncDispose]();
  });

  test('discover returns the revisions, capabilities and server info', async () => {
    const { status, last } = await modernCall(server.url, 'server/discover');
    expect(status).toBe(200);
    expect(last.result).toMatchObject({
      supportedVersions: ['2026-07-28'],
      capabilities: { tools: {}, resources: {}, prompts: {}, completions: {} },
      instructions: expect.stringContaining('Ollama'),
      resultType: 'complete',
      ttlMs: 3_600_000,
      cacheScope: 'public',
      _meta: { 'io.modelcontextprotocol/serverInfo': { name: 'ollama-toolbelt' } },
    });
  });

  test.each([
    ['tools/list', 3_600_000, 'private'],
    ['prompts/list', 3_600_000, 'public'],
    ['resources/templates/list', 3_600_000, 'public'],
    ['resources/list', 0, 'private'],
  ])('%s may be cached for %d ms, %s', async (method, ttlMs, cacheScope) => {
    const { last } = await modernCall(server.url, method);
    expect(last.result).toMatchObject({ resultType: 'complete', ttlMs, cacheScope });
  });

  test('a call is answered, and its progress comes before', async () => {
    const params = { name: 'ollama_chat', arguments: hello, _meta: { ...envelope(), progressToken: 'p' } };
    const { messages, last } = await modernCall(server.url, 'tools/call', { params });
    expect(last.result).toMatchObject({ resultType: 'complete', structuredContent: { done_reason: 'stop' } });
    expect(messages[0]).toMatchObject({ method: 'notifications/progress', params: { progressToken: 'p' } });
  });

  test('a missing resource gives -32602, with its address', async () => {
    const uri = 'ollama://nothing';
    const { status, last } = await modernCall(server.url, 'resources/read', { params: { uri } });
    expect([status, last.error]).toMatchObject([200, { code: -32602, data: { uri } }]);
  });

  test.each(['no/such', 'ping', 'logging/setLevel', 'resources/subscribe', 'initialize', 'tasks/list'])(
    'the method %s is not found, with status 404',
    async (method) => {
      const { status, last } = await modernCall(server.url, method);
      expect([status, last.error?.code, last.id]).toEqual([404, -32601, 1]);
    },
  );

  test.each([
    ['no revision in the headers', 'tools/list', { 'Mcp-Protocol-Version': '' }, 400, -32020],
    ['no method in the headers', 'tools/list', { 'Mcp-Method': '' }, 400, -32020],
    ['another method in the headers', 'tools/list', { 'Mcp-Method': 'prompts/list' }, 400, -32020],
    ['no name in the headers', 'tools/call', { 'Mcp-Name': '' }, 400, -32020],
    ['another name in the headers', 'tools/call', { 'Mcp-Name': 'ollama_embed' }, 400, -32020],
    ['a future revision in the headers', 'tools/list', { 'Mcp-Protocol-Version': '2099-01-01' }, 400, -32020],
  ])('%s: refused', async (_name, method, headers, status, code) => {
    const params = method === 'tools/call' ? { name: 'ollama_status', arguments: {} } : {};
    const answer = await modernCall(server.url, method, { headers, params });
    expect([answer.status, answer.last.error?.code, answer.last.id]).toEqual([status, code, 1]);
  });

  test('an unknown revision is refused with a list of the supported ones', async () => {
    const _meta = { ...envelope(), 'io.modelcontextprotocol/protocolVersion': '2099-01-01' };
    const headers = { 'Mcp-Protocol-Version': '2099-01-01' };
    const { status, last } = await modernCall(server.url, 'tools/list', { headers, params: { _meta } });
    expect(status).toBe(400);
    expect(last.error).toMatchObject({ code: -32022, data: { supported: ['2026-07-28'], requested: '2099-01-01' } });
  });

  test('an incomplete envelope is refused, and the error names the missing part', async () => {
    const params = { _meta: { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' } };
    const { status, last } = await modernCall(server.url, 'tools/list', { params });
    expect([status, last.error]).toMatchObject([
      400,
      { code: -32602, message: expect.stringContaining('io.modelcontextprotocol/clientCapabilities') },
    ]);
  });

  test('a subscription is acknowledged and ends, because nothing changes by itself', async () => {
    const params = { notifications: { toolsListChanged: true, resourceSubscriptions: ['ollama://models'] } };
    const { messages } = await modernCall(server.url, 'subscriptions/listen', { params });
    expect(messages).toMatchObject([
      { method: 'notifications/subscriptions/acknowledged', params: { notifications: {} } },
      { id: 1, result: { resultType: 'complete' } },
    ]);
  });

  test('these requests are not allowed in a batch', async () => {
    const batch = [{ ...listTools, params: { _meta: envelope() } }];
    expect((await post(server.url, batch)).status).toBe(400);
  });

  test('a client that does not read events only gets the response', async () => {
    const { headers, last } = await modernCall(server.url, 'tools/list', { headers: { Accept: 'application/json' } });
    expect(headers.get('content-type')).toBe('application/json');
    expect(last.result).toMatchObject({ resultType: 'complete' });
    expect((await modernCall(server.url, 'tools/list', { headers: { Accept: 'text/html' } })).status).toBe(406);
  });
});

test.each([
  ['null', 'null', 400],
  ['an empty batch', '[]', 202],
  ['a number', '7', 400],
  ['no message', '{"a":1}', 400],
])('%s instead of a message: %s', async (_name, body, status) => {
  await using server = await startHttp({ host: nowhere });
  expect((await post(server.url, body)).status).toBe(status);
  const headers = { 'Mcp-Protocol-Version': '2026-07-28', 'Mcp-Method': 'tools/list' };
  expect((await post(server.url, body, { headers })).status).toBe(400);
});

describe('a host that mixes up the revisions', () => {
  const mixed = { ...listTools, params: { _meta: envelope() } };

  test('gets a response for the revision in its header', async () => {
    await using server = await startHttp({ host: nowhere });
    for (const revision of ['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25']) {
      const response = await post(server.url, mixed, { headers: { 'Mcp-Protocol-Version': revision } });
      const { status, last } = await answerIn(response);
      expect([revision, status, last.result]).toEqual([revision, 200, { tools: expect.any(Array) }]);
    }
  });

  test('gets a response for its session, with and without the header', async () => {
    await using server = await startHttp({ host: nowhere, args: ['--http-sessions'] });
    const started = await post(server.url, initialize);
    await started.text();
    const session = { 'Mcp-Session-Id': started.headers.get('mcp-session-id') ?? '' };
    for (const headers of [session, { ...session, 'Mcp-Protocol-Version': '2025-11-25' }]) {
      const { status, last } = await answerIn(await post(server.url, mixed, { headers }));
      expect([status, last.result]).toEqual([200, { tools: expect.any(Array) }]);
    }
  });
});

describe('--protocol 2025-11-25', () => {
  test.each(modes)('turns off the newer revision, %s', async (_, args) => {
    await using server = await startHttp({ host: nowhere, args: [...args, '--protocol', '2025-11-25'] });
    const { status, last } = await modernCall(server.url, 'server/discover');
    expect(status).toBe(400);
    expect(last).not.toHaveProperty('result');
    const started = await answerIn(await post(server.url, initialize));
    expect(started.last.result).toMatchObject({ protocolVersion: '2025-11-25' });
  });

  test('the variable does the same, and another revision is refused', async () => {
    await using server = await startHttp({ host: nowhere, env: { OLLAMA_MCP_PROTOCOL: '2025-11-25' } });
    expect((await modernCall(server.url, 'server/discover')).status).toBe(400);
    await expect(startHttp({ host: nowhere, args: ['--protocol', '2023-01-01'] })).rejects.toThrow(
      '--protocol should be 2026-07-28 or 2025-11-25.',
    );
  });
});
