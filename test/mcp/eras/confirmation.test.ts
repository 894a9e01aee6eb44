import { StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { type ScriptedServer, scriptedModel, startScripted } from '@ollama-toolbelt/ollama-server';
import { describe, expect, test } from 'vitest';
import { modernClient } from '../../fixtures/mcp/modern-client.ts';
import { startBalancer, startNginxBalancer } from '../../fixtures/mcp-http/balancer.ts';
import { type HttpProcessOptions, startHttp } from '../../fixtures/mcp-http/http-process.ts';
import { type ModernAnswer, modernCall } from '../../fixtures/mcp-http/modern-post.ts';
import { hasNginx } from '../../fixtures/nginx.ts';

const manage = ['--toolsets', 'manage'];
const canAsk = { elicitation: {} };
const doomed = { name: 'ollama_delete_model', arguments: { model: 'doomed' } };
const yes = { confirm: { action: 'accept', content: {} } };
const asked = { resultType: 'input_required', inputRequests: { confirm: { method: 'elicitation/create' } } };

const startOllama = () => startScripted({ models: ['chat-model', 'doomed'].map((name) => scriptedModel({ name })) });
const start = (ollama: ScriptedServer, more: Omit<HttpProcessOptions, 'host'> = {}) =>
  startHttp({ host: ollama.host, args: manage, ...more });
const callTool = (url: string, params: Record<string, unknown> = doomed, headers: Record<string, string> = {}) =>
  modernCall(url, 'tools/call', { params, capabilities: canAsk, headers });
const stateOf = ({ last }: ModernAnswer): string => last.result.requestState;
const deletions = (ollama: ScriptedServer) => ollama.requestsTo('/api/delete').length;

describe.each([
  ['stateless', []],
  ['with sessions', ['--http-sessions']],
])('the question is the result of the first call, %s', (_, args) => {
  test.each([
    ['accept', 1, false],
    ['decline', 0, true],
    ['cancel', 0, true],
  ])('%s is respected', async (action, count, isError) => {
    await using ollama = await startOllama();
    await using server = await start(ollama, { args: [...manage, ...args] });
    const first = await callTool(server.url);
    expect(first.last.result).toMatchObject(asked);
    const { params } = first.last.result.inputRequests.confirm;
    expect(params).toMatchObject({
      mode: 'form',
      message: expect.stringMatching(/^Delete the model "doomed:latest" \(.*\) from the disk\?/),
      requestedSchema: { type: 'object', properties: {} },
    });
    expect(deletions(ollama)).toBe(0);
    const inputResponses = { confirm: { action, content: {} } };
    const second = await callTool(server.url, { ...doomed, inputResponses, requestState: stateOf(first) });
    expect(second.last.result).toMatchObject({ resultType: 'complete' });
    expect(second.last.result.isError === true).toBe(isError);
    expect(deletions(ollama)).toBe(count);
  });
});

const balancers = [
  { name: 'a balancer', startInFront: startBalancer, skipped: false },
  {
    name: hasNginx ? 'nginx' : 'nginx (skipped: it is not installed)',
    startInFront: startNginxBalancer,
    skipped: !hasNginx,
  },
];

describe.each(balancers)('behind $name', ({ startInFront, skipped }) => {
  test.skipIf(skipped)('one server asks, and another one can receive the answer', async () => {
    await using ollama = await startOllama();
    await using one = await start(ollama, { args: [...manage, '--verbose'] });
    await using other = await start(ollama, { args: [...manage, '--verbose'] });
    await using balancer = await startInFront([one.url, other.url]);
    const client = modernClient({ capabilities: canAsk });
    const questions: string[] = [];
    client.setRequestHandler('elicitation/create', ({ params }) => {
      questions.push(params.message);
      return { action: 'accept', content: {} };
    });
    await client.connect(new StreamableHTTPClientTransport(new URL(balancer.url)));
    try {
      const result = await client.callTool(doomed);
      expect(result).toMatchObject({ structuredContent: { model: 'doomed:latest', deleted: true } });
    } finally {
      await client.close();
    }
    expect(questions).toEqual([expect.stringContaining('doomed')]);
    expect(deletions(ollama)).toBe(1);
    // A server logs a call after its response.
    const calls = () =>
      [one, other].map((server) => server.stderr().match(/POST tools\/call ollama_delete_model: 200/g)?.length);
    await expect.poll(calls).toEqual([1, 1]);
  });
});

describe('these do not count as a yes', () => {
  test('an answer without a question', async () => {
    await using ollama = await startOllama();
    await using server = await start(ollama);
    const { last } = await callTool(server.url, { ...doomed, inputResponses: yes });
    expect(last.result).toMatchObject(asked);
    expect(deletions(ollama)).toBe(0);
  });

  test('an answer with a forged or changed state', async () => {
    await using ollama = await startOllama();
    await using server = await start(ollama);
    const state = stateOf(await callTool(server.url));
    const [version, body = '', mac = ''] = state.split('.');
    const payload = JSON.parse(Buffer.from(body, 'base64url').toString());
    const later = Buffer.from(JSON.stringify({ ...payload, exp: payload.exp + 1 })).toString('base64url');
    const forged = [
      'yes',
      '',
      `${version}.${body}`,
      `${version}.${later}.${mac}`,
      `${version}.${body}.${mac.slice(0, -2)}AA`,
      `${version}.${body}.`,
      7,
      { confirm: true },
    ];
    for (const requestState of forged) {
      const { last } = await callTool(server.url, { ...doomed, inputResponses: yes, requestState });
      expect(last.error, JSON.stringify(requestState)).toMatchObject({ code: -32602 });
    }
    expect(deletions(ollama)).toBe(0);
  });

  test('an answer to the question of another server with another token', async () => {
    await using ollama = await startOllama();
    await using one = await start(ollama, { env: { OLLAMA_MCP_TOKEN: 'one' } });
    await using other = await start(ollama, { env: { OLLAMA_MCP_TOKEN: 'other' } });
    const requestState = stateOf(await callTool(other.url, doomed, { Authorization: 'Bearer other' }));
    const { last } = await callTool(
      one.url,
      { ...doomed, inputResponses: yes, requestState },
      { Authorization: 'Bearer one' },
    );
    expect(last.error).toMatchObject({ code: -32602 });
    expect(deletions(ollama)).toBe(0);
  });

  test('an answer to the question of another call: the question is asked again', async () => {
    await using ollama = await startOllama();
    await using server = await start(ollama);
    const requestState = stateOf(await callTool(server.url));
    for (const other of [
      { name: 'ollama_delete_model', arguments: { model: 'chat-model' } },
      { name: 'ollama_push_model', arguments: { model: 'doomed' } },
      { name: 'ollama_copy_model', arguments: { source: 'chat-model', destination: 'doomed' } },
    ]) {
      const { last } = await callTool(server.url, { ...other, inputResponses: yes, requestState });
      expect(last.result, other.name).toMatchObject(asked);
    }
    expect(['/api/delete', '/api/push', '/api/copy'].map((path) => ollama.requestsTo(path).length)).toEqual([0, 0, 0]);
  });

  test.each([
    ['none', {}],
    ['another name', { other: { action: 'accept', content: {} } }],
    ['a wrapped one', { confirm: { method: 'elicitation/create', result: { action: 'accept' } } }],
    ['text', { confirm: 'accept' }],
    ['another action', { confirm: { action: 'yes' } }],
    ['a list', [{ action: 'accept' }]],
  ])('%s instead of the answer', async (_name, inputResponses) => {
    await using ollama = await startOllama();
    await using server = await start(ollama);
    const requestState = stateOf(await callTool(server.url));
    const { last } = await callTool(server.url, { ...doomed, inputResponses, requestState });
    expect(last.result).toMatchObject(asked);
    expect(deletions(ollama)).toBe(0);
  });

  test('an answer from a client that cannot ask', async () => {
    await using ollama = await startOllama();
    await using server = await start(ollama);
    const requestState = stateOf(await callTool(server.url));
    const params = { ...doomed, inputResponses: yes, requestState };
    for (const capabilities of [{}, { elicitation: { url: {} } }]) {
      const { last } = await modernCall(server.url, 'tools/call', { params, capabilities });
      expect(last.result).toMatchObject({ isError: true });
      expect(last.result.content[0].text).toContain('repeat the call with confirm: "doomed:latest"');
    }
    expect(deletions(ollama)).toBe(0);
  });
});

test('if the model changed since the question, it is asked again', async () => {
  await using ollama = await startOllama();
  await using server = await start(ollama);
  const requestState = stateOf(await callTool(server.url));
  const model = ollama.models.find(({ name }) => name.startsWith('doomed'));
  Object.assign(model ?? {}, { size: 77_000_000_000 });
  const { last } = await callTool(server.url, { ...doomed, inputResponses: yes, requestState });
  expect(last.result).toMatchObject(asked);
  expect(last.result.inputRequests.confirm.params.message).toContain('77');
  expect(deletions(ollama)).toBe(0);
});
