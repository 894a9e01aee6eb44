import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { faults, gate, scriptedModel, startScripted } from '@ollama-toolbelt/ollama-server';
import { describe, expect, test } from 'vitest';
import { call, hello } from '../../fixtures/mcp/connect.ts';
import {
  callTool,
  connectHttp,
  type HttpConnection,
  initialize,
  listTools,
  startHttp,
} from '../../fixtures/mcp-http/http-process.ts';

const manage = ['--toolsets', 'inference,manage'];
const doomed = { model: 'doomed' };

const startOllama = () => startScripted({ models: ['chat-model', 'doomed'].map((name) => scriptedModel({ name })) });

/** A client that gives the same answer to every question, and records the questions. */
async function connectPerson(url: string, action: 'accept' | 'decline'): Promise<HttpConnection & { asked: string[] }> {
  const asked: string[] = [];
  const transport = new StreamableHTTPClientTransport(new URL(url));
  const client = new Client({ name: 'person', version: '1.0.0' }, { capabilities: { elicitation: {} } });
  client.setRequestHandler(ElicitRequestSchema, ({ params }) => {
    asked.push(params.message);
    return { action, content: {} };
  });
  await client.connect(transport as Parameters<Client['connect']>[0]);
  return { client, transport, asked, [Symbol.asyncDispose]: () => client.close() };
}

async function fieldsOf({ client }: HttpConnection): Promise<Record<string, string[]>> {
  const { tools } = await client.listTools();
  return Object.fromEntries(tools.map(({ name, inputSchema }) => [name, Object.keys(inputSchema.properties ?? {})]));
}

describe('without sessions', () => {
  test('nothing is offered that needs state', async () => {
    await using ollama = await startOllama();
    await using server = await startHttp(ollama);
    await using connection = await connectHttp(server.url);
    const fields = await fieldsOf(connection);
    expect(Object.keys(fields)).not.toContain('ollama_job');
    expect(fields['ollama_chat']).not.toContain('conversation');
    const { isError, text } = await call(connection, 'ollama_chat', { ...hello, conversation: 'new' });
    expect([isError, text]).toEqual([true, expect.stringContaining('conversation')]);
  });

  test('a call over its time budget returns the answer so far, without a job', async () => {
    await using ollama = await startOllama();
    await using server = await startHttp({ host: ollama.host, args: ['--budget-ms', '300'] });
    await using connection = await connectHttp(server.url);
    const stall = gate();
    ollama.chat({ text: ['so far', stall, ' and on'] });
    const { isError, structured } = await call(connection, 'ollama_chat', hello);
    expect(isError).toBe(false);
    expect(structured).toMatchObject({ partial: true, text: 'so far' });
    expect(structured).not.toHaveProperty('job');
    await expect(ollama.lastRequest.closed).resolves.toBe('aborted');
  });

  test('nobody is asked, so destructive calls need `confirm`', async () => {
    await using ollama = await startOllama();
    await using server = await startHttp({ host: ollama.host, args: manage });
    await using person = await connectPerson(server.url, 'accept');
    const refused = await call(person, 'ollama_delete_model', doomed);
    expect([refused.isError, refused.text]).toEqual([true, expect.stringContaining('confirm')]);
    expect(ollama.requestsTo('/api/delete')).toEqual([]);
    expect(await call(person, 'ollama_delete_model', { ...doomed, confirm: 'doomed' })).toMatchObject({
      isError: false,
    });
    expect(person.asked).toEqual([]);
  });
});

describe('with sessions', () => {
  test('a client that only accepts JSON is not asked, because it would not see the question', async () => {
    await using ollama = await startOllama();
    await using server = await startHttp({ host: ollama.host, args: ['--http-sessions', ...manage] });
    const headers = { 'content-type': 'application/json', accept: 'application/json' };
    const post = (body: object, more = {}) =>
      fetch(server.url, { method: 'POST', headers: { ...headers, ...more }, body: JSON.stringify(body) });
    const params = { ...initialize.params, capabilities: { elicitation: {} } };
    const session = (await post({ ...initialize, params })).headers.get('mcp-session-id') ?? '';
    const reply = await (await post(callTool('ollama_delete_model', doomed), { 'mcp-session-id': session })).text();
    expect(JSON.parse(reply)).toMatchObject({
      result: { isError: true, content: [{ text: expect.stringContaining('repeat the call with confirm') }] },
    });
  });

  test('a client that still sends the id of an ended session can initialize again', async () => {
    await using server = await startHttp({ host: 'http://127.0.0.1:9', args: ['--http-sessions'] });
    const headers = { 'content-type': 'application/json', 'mcp-session-id': 'ended' };
    const post = (body: object) => fetch(server.url, { method: 'POST', headers, body: JSON.stringify(body) });
    const fresh = await post(initialize);
    expect(fresh.status).toBe(200);
    expect(fresh.headers.get('mcp-session-id')).toMatch(/^[\da-f-]{36}$/);
    expect((await post(listTools)).status).toBe(404);
  });

  const sessions = ['--http-sessions', ...manage];

  test('a conversation continues, only for the client that started it', async () => {
    await using ollama = await startOllama();
    await using server = await startHttp({ host: ollama.host, args: sessions });
    await using connection = await connectHttp(server.url);
    const first = await call(connection, 'ollama_chat', { ...hello, conversation: 'new' });
    const conversation = first.structured?.['conversation'];
    expect(conversation).toEqual(expect.any(String));
    await call(connection, 'ollama_chat', { ...hello, conversation });
    expect(ollama.lastRequest.body).toMatchObject({ messages: { length: 3 } });
    await using other = await connectHttp(server.url);
    expect(await call(other, 'ollama_chat', { ...hello, conversation })).toMatchObject({ isError: true });
  });

  test('a job outlives its call, and ends with its session', async () => {
    await using ollama = await startOllama();
    await using server = await startHttp({ host: ollama.host, args: sessions });
    await using connection = await connectHttp(server.url);
    const [first, second] = [gate(), gate()];
    ollama.chat({ text: ['so far', first, ' and on'] });
    const partial = await call(connection, 'ollama_chat', { ...hello, _wait_ms: 1 });
    const { job } = partial.structured ?? {};
    expect(partial.structured).toMatchObject({ partial: true, job: expect.any(String) });
    first.release();
    const whole = await call(connection, 'ollama_job', { job, action: 'wait' });
    expect(whole.structured).toMatchObject({ text: 'so far and on' });

    ollama.chat(faults.stallMidStream(second));
    await call(connection, 'ollama_chat', { ...hello, _wait_ms: 1 });
    await second.reached;
    await connection.transport.terminateSession();
    await expect(ollama.lastRequest.closed).resolves.toBe('aborted');
  });

  test.each([
    ['accept', false, 1],
    ['decline', true, 0],
  ] as const)('the person is asked, and "%s" is heeded', async (action, isError, deletions) => {
    await using ollama = await startOllama();
    await using server = await startHttp({ host: ollama.host, args: sessions });
    await using person = await connectPerson(server.url, action);
    expect(await call(person, 'ollama_delete_model', doomed)).toMatchObject({ isError });
    expect(person.asked).toEqual([expect.stringContaining('doomed')]);
    expect(ollama.requestsTo('/api/delete')).toHaveLength(deletions);
  });
});
