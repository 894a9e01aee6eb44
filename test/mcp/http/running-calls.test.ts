import { once } from 'node:events';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';
import { faults, gate, startScripted } from '@ollama-toolbelt/ollama-server';
import { describe, expect, test } from 'vitest';
import { call, hello } from '../../fixtures/mcp/connect.ts';
import { chatWithProgress } from '../../fixtures/mcp-http/chat-calls.ts';
import { callTool, connectHttp, initialize, listTools, post, startHttp } from '../../fixtures/mcp-http/http-process.ts';

const stalls = [
  ['before the headers', 'POST /api/chat', callTool('ollama_chat', hello), faults.stallBeforeHeaders],
  ['in the stream', 'POST /api/chat', callTool('ollama_chat', hello), faults.stallMidStream],
  [
    'of embed',
    'POST /api/embed',
    callTool('ollama_embed', { model: 'embedding-model', input: 'x' }),
    faults.stallBeforeHeaders,
  ],
] as const;

test('progress is sent as it happens', async () => {
  await using ollama = await startScripted();
  await using server = await startHttp(ollama);
  await using connection = await connectHttp(server.url);
  const { progress, text } = await chatWithProgress(connection, ollama);
  expect(progress[0]).toMatchObject({ progress: 1, message: '1 token' });
  expect(text).toBe('one two');
});

test('a running call sends comments while Ollama is silent', async () => {
  await using ollama = await startScripted();
  await using server = await startHttp(ollama);
  const stall = gate();
  ollama.chat(faults.stallBeforeHeaders(stall));
  const response = await post(server.url, callTool('ollama_chat', hello));
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  const decoder = new TextDecoder();
  let comments = 0;
  let text = '';
  for await (const bytes of response.body ?? []) {
    text += decoder.decode(bytes, { stream: true });
    comments = text.split('\n').filter((line) => line.startsWith(':')).length;
    if (comments === 2) stall.release();
  }
  expect(comments).toBeGreaterThanOrEqual(2);
  expect(text).toContain('"done_reason":"stop"');
});

test.each([
  ['stateless', []],
  ['with sessions', ['--http-sessions']],
])('a client that disconnects closes the connection to Ollama: %s', async (_, args) => {
  await using ollama = await startScripted();
  await using server = await startHttp({ host: ollama.host, args });
  const started = await post(server.url, initialize);
  await started.text();
  const session = started.headers.get('mcp-session-id');
  const headers = session === null ? {} : { 'Mcp-Session-Id': session };
  for (const [, route, message, fault] of stalls) {
    const stall = gate();
    ollama.on(route, fault(stall));
    const controller = new AbortController();
    const response = await post(server.url, message, { headers, signal: controller.signal });
    await stall.reached;
    controller.abort();
    await expect(response.text()).rejects.toThrow();
    // Ollama sends nothing, so only the disconnect can end the request.
    await expect(ollama.lastRequest.closed).resolves.toBe('aborted');
  }
  // The server is still running.
  expect((await post(server.url, listTools, { headers })).status).toBe(200);
});

test('without sessions, a cancelled notification is accepted and has no effect', async () => {
  await using ollama = await startScripted();
  await using server = await startHttp(ollama);
  const stall = gate();
  ollama.chat(faults.stallBeforeHeaders(stall));
  const answer = await post(server.url, callTool('ollama_chat', hello));
  await stall.reached;
  const note = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } };
  expect((await post(server.url, note)).status).toBe(202);
  stall.release();
  expect(await answer.text()).toContain('"done_reason":"stop"');
});

describe('sessions', () => {
  test('cancelling closes the connection to Ollama', async () => {
    await using ollama = await startScripted();
    await using server = await startHttp({ host: ollama.host, args: ['--http-sessions'] });
    await using connection = await connectHttp(server.url);
    expect(connection.transport.sessionId).toMatch(/^[\da-f-]{36}$/);
    for (const [, route, { params }, fault] of stalls) {
      const stall = gate();
      ollama.on(route, fault(stall));
      const controller = new AbortController();
      const failed = expect(
        connection.client.callTool(params, undefined, { signal: controller.signal }),
      ).rejects.toThrow();
      await stall.reached;
      controller.abort('enough');
      await failed;
      await expect(ollama.lastRequest.closed).resolves.toBe('aborted');
    }
    expect((await call(connection, 'ollama_chat', hello)).isError).toBe(false);
  });

  test('the stream of a cancelled call ends, and the session continues', async () => {
    await using ollama = await startScripted();
    await using server = await startHttp({ host: ollama.host, args: ['--http-sessions'] });
    await using connection = await connectHttp(server.url);
    const headers = { 'Mcp-Session-Id': connection.transport.sessionId ?? '' };
    const stall = gate();
    ollama.chat(faults.stallBeforeHeaders(stall));
    const message = { ...callTool('ollama_chat', hello), id: 'to be cancelled' };
    const running = await post(server.url, message, { headers });
    await stall.reached;
    const note = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: message.id } };
    expect((await post(server.url, note, { headers })).status).toBe(202);
    expect(await running.text()).not.toContain('"result"');
    await expect(ollama.lastRequest.closed).resolves.toBe('aborted');
    expect((await call(connection, 'ollama_chat', hello)).isError).toBe(false);
  });

  test('each client has its own session until it ends it', async () => {
    await using ollama = await startScripted();
    await using server = await startHttp({ host: ollama.host, args: ['--http-sessions'] });
    await using one = await connectHttp(server.url);
    await using other = await connectHttp(server.url);
    expect(one.transport.sessionId).not.toBe(other.transport.sessionId);
    const session = one.transport.sessionId ?? '';
    const stall = gate();
    ollama.chat(faults.stallMidStream(stall));
    const headers = { 'Mcp-Session-Id': session };
    const running = await post(server.url, callTool('ollama_chat', hello), { headers });
    await stall.reached;
    await one.transport.terminateSession();
    await expect(ollama.lastRequest.closed).resolves.toBe('aborted');
    expect(await running.text()).not.toContain('"result"');
    const gone = await post(server.url, listTools, { headers });
    expect(gone.status).toBe(404);
    expect(await gone.json()).toMatchObject({ error: { code: -32001 } });
    expect((await other.client.listTools()).tools).not.toEqual([]);
  });

  test('a request without a session gets an error', async () => {
    await using ollama = await startScripted();
    await using server = await startHttp({ host: ollama.host, args: ['--http-sessions'] });
    const none = await post(server.url, listTools);
    expect(none.status).toBe(400);
    expect(await none.json()).toMatchObject({ error: { message: expect.stringContaining('Mcp-Session-Id') } });
    const refused = await post(server.url, initialize, { headers: { Accept: 'image/png' } });
    expect(refused.status).toBe(406);
  });
});

test.each([
  ['SIGTERM', []],
  ['SIGINT', []],
  ['SIGTERM', ['--http-sessions']],
] as const)('%s in the middle of a call ends the process and its connections %j', async (name, args) => {
  await using ollama = await startScripted();
  await using server = await startHttp({ host: ollama.host, args });
  await using connection = await connectHttp(server.url);
  const stall = gate();
  ollama.chat(faults.stallMidStream(stall));
  const failed = expect(call(connection, 'ollama_chat', hello)).rejects.toThrow();
  await stall.reached;
  const exited = once(server.child, 'exit');
  server.child.kill(name);
  expect(await exited).toEqual([128 + constants.signals[name], null]);
  await expect(ollama.lastRequest.closed).resolves.toBe('aborted');
  expect(server.stderr()).toBe('');
  await connection.client.close();
  await failed;
});

test('a model handles two calls at a time, from any clients', async () => {
  await using ollama = await startScripted();
  await using server = await startHttp(ollama);
  const ask = async () => {
    await using connection = await connectHttp(server.url);
    return await call(connection, 'ollama_chat', hello);
  };
  await ask();
  const gates = [gate(), gate()];
  for (const stall of gates) ollama.chat(faults.stallMidStream(stall));
  const answers = [ask(), ask(), ask()];
  await Promise.all(gates.map(({ reached }) => reached));
  expect(ollama.requestsTo('/api/chat')).toHaveLength(3);
  for (const stall of gates) stall.release();
  expect((await Promise.all(answers)).map(({ isError }) => isError)).toEqual([false, false, false]);
  expect(ollama.requestsTo('/api/chat')).toHaveLength(4);
});

test('it runs on Node 20', async () => {
  const node = fileURLToPath(new URL('../../node_modules/node-20/bin/node', import.meta.url));
  await using ollama = await startScripted();
  await using server = await startHttp({ host: ollama.host, node });
  await using connection = await connectHttp(server.url);
  expect((await call(connection, 'ollama_chat', hello)).structured).toMatchObject({ done_reason: 'stop' });
  const stall = gate();
  ollama.chat(faults.stallBeforeHeaders(stall));
  const controller = new AbortController();
  const response = await post(server.url, callTool('ollama_chat', hello), { signal: controller.signal });
  await stall.reached;
  controller.abort();
  await expect(response.text()).rejects.toThrow();
  await expect(ollama.lastRequest.closed).resolves.toBe('aborted');
});
