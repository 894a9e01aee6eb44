import type { Readable } from 'node:stream';
import { faults, type ScriptedServer, startScripted } from '@ollama-toolbelt/ollama-server';
import { Miniflare } from 'miniflare';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { packageFacts } from '../../../packages/mcp-server/scripts/package-facts.ts';
import { call } from '../../fixtures/mcp/connect.ts';
import { bundleExample } from '../../fixtures/mcp-http/bundle-example.ts';
import { chatWithProgress, leaveChat } from '../../fixtures/mcp-http/chat-calls.ts';
import { connectHttp, listTools, post } from '../../fixtures/mcp-http/http-process.ts';

const token = 'token-of-the-worker';
let ollama: ScriptedServer;
let worker: Miniflare;
let url: string;

/** The example in the real workerd, without its stand-ins for Node's modules. */
const startWorker = async (bindings: Record<string, string>) =>
  new Miniflare({
    modules: true,
    script: await bundleExample('cloudflare-worker/worker.ts'),
    compatibilityDate: '2026-07-01',
    host: '127.0.0.1',
    bindings,
    // It tells of every client that leaves.
    handleRuntimeStdio: (stdout: Readable, stderr: Readable) => [stdout, stderr].map((stream) => stream.resume()),
  });

beforeAll(async () => {
  ollama = await startScripted();
  worker = await startWorker({ OLLAMA_HOST: ollama.host, MCP_TOKEN: token, MCP_ALLOW: 'models.example' });
  url = new URL('/mcp', await worker.ready).href;
});

afterAll(async () => {
  await worker.dispose();
  await ollama[Symbol.asyncDispose]();
});

const authorization = { Authorization: `Bearer ${token}` };

test('it initializes, lists and calls tools', async () => {
  await using connection = await connectHttp(url, token);
  expect(connection.client.getServerVersion()).toMatchObject({
    name: 'ollama-toolbelt',
    version: packageFacts().version,
  });
  const { tools } = await connection.client.listTools();
  expect(tools.map(({ name }) => name)).toContain('ollama_chat');
  expect(tools.map(({ name }) => name)).not.toContain('ollama_job');
  const { isError, structured } = await call(connection, 'ollama_list_models');
  expect([isError, structured?.['models']]).toMatchObject([false, { length: 3 }]);
});

test('chat answers with progress', async () => {
  await using connection = await connectHttp(url, token);
  const { progress, text } = await chatWithProgress(connection, ollama);
  expect(progress[0]).toMatchObject({ message: '1 token' });
  expect(text).toBe('one two');
});

test.each([
  ['before the headers of Ollama', faults.stallBeforeHeaders],
  ['in the middle of the answer', faults.stallMidStream],
])('a client that leaves %s is noticed by a comment', async (_, fault) => {
  await leaveChat(url, ollama, { headers: authorization, fault });
  expect((await post(url, listTools, { headers: authorization })).status).toBe(200);
});

test('another origin and a missing token are refused', async () => {
  const evil = await post(url, listTools, { headers: { ...authorization, Origin: 'https://evil.example' } });
  expect(evil.status).toBe(403);
  expect(await evil.json()).toMatchObject({ error: { message: expect.stringContaining('Origin evil.example') } });
  for (const headers of [{}, { Authorization: 'Bearer token-of-another' }]) {
    expect((await post(url, listTools, { headers })).status).toBe(401);
  }
});

test('the name of the worker has to be allowed', async () => {
  const ask = (host: string) =>
    worker.dispatchFetch(`https://${host}/mcp`, {
      method: 'POST',
      headers: { ...authorization, 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream' },
      body: JSON.stringify(listTools),
    });
  const allowed = await ask('models.example');
  expect([allowed.status, await allowed.text()]).toEqual([200, expect.stringContaining('ollama_chat')]);
  const other = await ask('other.example');
  expect([other.status, await other.text()]).toEqual([403, expect.stringContaining('Host other.example')]);
});

test('without a token it does not start', async () => {
  const open = await startWorker({ OLLAMA_HOST: ollama.host, MCP_TOKEN: '', MCP_ALLOW: 'models.example' });
  try {
    const answer = await fetch(new URL('/mcp', await open.ready), { method: 'POST' });
    expect([answer.status, await answer.text()]).toEqual([500, expect.stringContaining('needs a token')]);
  } finally {
    await open.dispose();
  }
});
