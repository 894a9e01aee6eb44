import { faults, gate, type ScriptedServer, startScripted } from '@ollama-toolbelt/ollama-server';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hello } from '../../fixtures/mcp/connect.ts';
import {
  callTool,
  type HttpProcess,
  initialize,
  listTools,
  post,
  startHttp,
} from '../../fixtures/mcp-http/http-process.ts';
import { modernCall } from '../../fixtures/mcp-http/modern-post.ts';
import { audience, type Issuer, startIssuer } from '../../fixtures/mcp-http/oauth/issuer.ts';

let issuer: Issuer;
let ollama: ScriptedServer;
let server: HttpProcess;
beforeAll(async () => {
  [issuer, ollama] = await Promise.all([startIssuer(), startScripted()]);
  const args = [
    '--http-sessions',
    '--toolsets',
    'inference,models,manage',
    '--oauth-issuer',
    issuer.url,
    '--oauth-audience',
    audience,
  ];
  server = await startHttp({ host: ollama.host, args, env: { OLLAMA_MCP_TOKEN: 'token-for-all' } });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await Promise.all([issuer[Symbol.asyncDispose](), ollama[Symbol.asyncDispose]()]);
});

const headersFor = (token: string, session?: string) => ({
  Authorization: `Bearer ${token}`,
  ...(session !== undefined && { 'Mcp-Session-Id': session }),
});

/** Starts a session, and returns its id. */
async function begin(token: string, before?: string): Promise<string> {
  const answer = await post(server.url, initialize, { headers: headersFor(token, before) });
  expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('ollama-toolbelt')]);
  return answer.headers.get('mcp-session-id') ?? '';
}

const statusFor = async (token: string, session: string, message: unknown = listTools) => {
  const answer = await post(server.url, message, { headers: headersFor(token, session) });
  await answer.text();
  return answer.status;
};

test('a session can only be used by its subject, with any of their tokens', async () => {
  const [ada, ben] = [await issuer.sign(), await issuer.sign({ sub: 'ben' })];
  const session = await begin(ada);
  expect(await statusFor(ada, session)).toBe(200);
  expect(await statusFor(await issuer.sign({ scope: 'ollama:read' }), session)).toBe(200);
  for (const other of [ben, 'token-for-all']) {
    expect(await statusFor(other, session)).toBe(404);
    for (const method of ['GET', 'DELETE']) {
      const headers = { ...headersFor(other, session), Accept: 'text/event-stream' };
      expect((await fetch(server.url, { method, headers })).status).toBe(404);
    }
    // As with an ended session, they get a new one.
    expect(await begin(other, session)).not.toBe(session);
  }
  expect(await statusFor(ada, session)).toBe(200);
  const own = await begin('token-for-all');
  expect([await statusFor('token-for-all', own), await statusFor(ada, own)]).toEqual([200, 404]);
});

test('nobody else can cancel a call of a session', async () => {
  const [ada, ben] = [await issuer.sign(), await issuer.sign({ sub: 'ben' })];
  const session = await begin(ada);
  const stall = gate();
  ollama.chat(faults.stallBeforeHeaders(stall));
  const running = await post(server.url, callTool('ollama_chat', hello), { headers: headersFor(ada, session) });
  await stall.reached;
  const note = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } };
  expect(await statusFor(ben, session, note)).toBe(404);
  stall.release();
  expect(await running.text()).toContain('"done_reason":"stop"');
});

test('scopes are checked for each request, not once per session', async () => {
  const session = await begin(await issuer.sign());
  const less = await issuer.sign({ scope: 'ollama:read' });
  expect(await statusFor(less, session, callTool('ollama_chat', hello))).toBe(403);
  const list = await post(server.url, listTools, { headers: headersFor(less, session) });
  expect(await list.text()).not.toContain('ollama_chat');
  const expired = await issuer.sign({ exp: Math.floor(Date.now() / 1000) - 3600 });
  expect(await statusFor(expired, session)).toBe(401);
});

test('a task can only be used by its subject, with a token to run or manage models', async () => {
  const capabilities = { extensions: { 'io.modelcontextprotocol/tasks': {} } };
  const ask = (token: string, method: string, params: Record<string, unknown>) =>
    modernCall(server.url, method, { params, capabilities, headers: headersFor(token) });
  const ada = await issuer.sign();
  // Only a call that changes something becomes a task so soon.
  ollama.pull(['pulling manifest', gate()]);
  const pull = { name: 'ollama_pull_model', arguments: { model: 'llama3.2' } };
  const { taskId } = (await ask(ada, 'tools/call', pull)).last.result;
  expect((await ask(ada, 'tasks/get', { taskId })).last.result).toMatchObject({ status: 'working' });
  for (const other of [await issuer.sign({ sub: 'ben' }), 'token-for-all']) {
    for (const method of ['tasks/get', 'tasks/cancel']) {
      const { error } = (await ask(other, method, { taskId })).last;
      expect(error).toMatchObject({ code: -32602, message: expect.stringContaining('There is no task') });
    }
  }
  const reads = await issuer.sign({ scope: 'ollama:read' });
  expect((await ask(reads, 'tasks/get', { taskId })).status).toBe(403);
  expect((await ask(reads, 'subscriptions/listen', { notifications: { taskIds: [taskId] } })).status).toBe(403);
  expect((await ask(reads, 'subscriptions/listen', { notifications: {} })).status).toBe(200);
  const manages = await issuer.sign({ scope: 'ollama:manage' });
  expect((await ask(manages, 'tasks/cancel', { taskId })).last.result).toMatchObject({ resultType: 'complete' });
  expect((await ask(ada, 'tasks/get', { taskId })).last.result).toMatchObject({ status: 'cancelled' });
});
