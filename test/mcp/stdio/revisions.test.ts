/** The parts of a result for clients of each protocol revision. */
import { startScripted } from '@ollama-toolbelt/ollama-server';
import { describe, expect, test } from 'vitest';
import { createHandler } from '../../../packages/mcp-server/src/handler.ts';
import { hello } from '../../fixtures/mcp/connect.ts';
import { startRaw } from '../../fixtures/mcp/raw-process.ts';
import { postHeaders } from '../../fixtures/mcp-http/http-process.ts';
import { answerIn, envelope } from '../../fixtures/mcp-http/modern-post.ts';

const tasks = 'io.modelcontextprotocol/tasks';
const versionKey = 'io.modelcontextprotocol/protocolVersion';
const old = ['2024-11-05', '2025-03-26'];
const withStructure = ['2025-06-18', '2025-11-25'];

interface Result {
  content: { text: string }[];
  structuredContent?: object;
}

describe.each([...old, ...withStructure])('%s', (revision) => {
  const isOld = old.includes(revision);

  test(`over stdio an answer is text${isOld ? ' alone' : ' and structure'}, and the list of tools fits that`, async () => {
    await using ollama = await startScripted();
    await using server = await startRaw({ host: ollama.host, revision });
    const { result: listed } = await server.request('tools/list');
    const { tools } = listed as { tools: { outputSchema?: object }[] };
    expect(tools.filter(({ outputSchema }) => outputSchema !== undefined)).toHaveLength(isOld ? 0 : tools.length);
    ollama.chat({ text: ['one', ' two'] });
    const { result } = await server.request('tools/call', { name: 'ollama_chat', arguments: hello });
    const { content, structuredContent } = result as Result;
    // The text contains everything.
    expect(content.map(({ text }) => text).join('\n')).toMatch(/one two[\s\S]*chat-model, stop, prompt_tokens 12/);
    if (isOld) expect(structuredContent).toBeUndefined();
    else expect(structuredContent).toMatchObject({ text: 'one two' });
  });

  test('over HTTP the header decides', async () => {
    await using ollama = await startScripted();
    const handle = createHandler({ token: 't', allow: ['box'], host: ollama.host });
    const request = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'ollama_chat', arguments: hello } };
    const headers = {
      Authorization: 'Bearer t',
      Host: 'box',
      Accept: 'application/json, text/event-stream',
      'Content-Type': 'application/json',
      'MCP-Protocol-Version': revision,
    };
    const response = await handle(
      new Request('http://box/mcp', { method: 'POST', headers, body: JSON.stringify(request) }),
    );
    const text = await response.text();
    expect(text).toContain('"content"');
    expect(text.includes('"structuredContent"')).toBe(!isOld);
  });
});

test('a client that names no revision gets both', async () => {
  await using ollama = await startScripted();
  const handle = createHandler({ token: 't', allow: ['box'], host: ollama.host });
  const params = { name: 'ollama_status', arguments: {} };
  const headers = {
    Authorization: 'Bearer t',
    Host: 'box',
    'Content-Type': 'application/json',
    Accept: 'application/json, text/event-stream',
  };
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params });
  const response = await handle(new Request('http://box/mcp', { method: 'POST', headers, body }));
  expect(await response.text()).toContain('"structuredContent"');
});

test('over stdio each request with an unknown revision is refused, also after others were answered', async () => {
  await using server = await startRaw({ handshake: false });
  expect(await server.request('tools/list', { _meta: envelope() })).toHaveProperty('result');
  const _meta = { ...envelope({ extensions: { [tasks]: {} } }), [versionKey]: '2027-01-01' };
  for (const [method, params] of [
    ['tools/list', {}],
    ['tools/call', { name: 'ollama_status' }],
    ['tasks/get', { taskId: 'x' }],
  ] as const) {
    const { error } = await server.request(method, { ...params, _meta });
    expect(error, method).toMatchObject({ code: -32022, data: { supported: ['2026-07-28'], requested: '2027-01-01' } });
  }
});

describe('with the protocol 2025-11-25', () => {
  const discover = {
    jsonrpc: '2.0',
    id: 'd',
    method: 'server/discover',
    params: { _meta: envelope() },
  };

  test.each([
    ['the flag', { args: ['--protocol', '2025-11-25'] }],
    ['the variable', { env: { OLLAMA_MCP_PROTOCOL: '2025-11-25' } }],
  ])('with %s the newer revision is not supported over stdio', async (_, options) => {
    await using ollama = await startScripted();
    // Before the handshake, like a host that supports both.
    const firstBytes = `${JSON.stringify(discover)}\n`;
    await using server = await startRaw({ host: ollama.host, firstBytes, ...options });
    expect(server.messages).toMatchObject([
      { id: 'd', error: { code: -32601 } },
      { id: 1, result: { protocolVersion: '2025-11-25' } },
    ]);
    const call = await server.request('tools/call', { name: 'ollama_chat', arguments: hello, _meta: envelope() });
    expect(call['result']).toMatchObject({ structuredContent: { done_reason: 'stop' } });
    expect(call['result']).not.toHaveProperty('resultType');
  });

  test('otherwise it is supported over stdio', async () => {
    await using ollama = await startScripted();
    await using server = await startRaw({ host: ollama.host, firstBytes: `${JSON.stringify(discover)}\n` });
    expect(server.messages[0]).toMatchObject({ id: 'd', result: { supportedVersions: ['2026-07-28'] } });
  });

  test('also as an option of the handler', async () => {
    await using ollama = await startScripted();
    const answerOf = async (options: { protocol?: '2025-11-25' }) => {
      const handle = createHandler({ token: 't', allow: ['box'], host: ollama.host, ...options });
      const headers = {
        ...postHeaders,
        Authorization: 'Bearer t',
        Host: 'box',
        'Mcp-Protocol-Version': '2026-07-28',
        'Mcp-Method': 'server/discover',
      };
      const request = new Request('http://box/mcp', { method: 'POST', headers, body: JSON.stringify(discover) });
      return answerIn(await handle(request));
    };
    expect((await answerOf({})).last.result).toMatchObject({ supportedVersions: ['2026-07-28'] });
    const older = await answerOf({ protocol: '2025-11-25' });
    expect([older.status, older.last.result]).toEqual([400, undefined]);
    const other = { token: 't', host: ollama.host, protocol: '2024-11-05' as never };
    expect(() => createHandler(other)).toThrow('protocol should be 2026-07-28 or 2025-11-25.');
  });
});
