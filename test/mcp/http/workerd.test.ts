import type { Readable } from 'node:stream';
import { faults, type ScriptedServer, startScripted } from '@ollama-toolbelt/ollama-server';
import { Miniflare } from 'miniflare';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packageFacts } from '../../../packages/mcp-server/scripts/package-facts.ts';
import { call, hello } from '../../fixtures/mcp/connect.ts';
import { bundleExample } from '../../fixtures/mcp-http/bundle-example.ts';
import { chatWithProgress, leaveChat } from '../../fixtures/mcp-http/chat-calls.ts';
import { callTool, connectHttp, listTools, post } from '../../fixtures/mcp-http/http-process.ts';
import { forgedToken, withOtherSignature } from '../../fixtures/mcp-http/oauth/forged-token.ts';
import { audience, startIssuer } from '../../fixtures/mcp-http/oauth/issuer.ts';

const token = 'token-of-the-worker';
let ollama: ScriptedServer;
let worker: Miniflare;
let url: string;

/** The example in the real workerd, without its Node compatibility modules. */
const startWorker = async (bindings: Record<string, string>) =>
  new Miniflare({
    modules: true,
    script: await bundleExample('cloudflare-worker/worker.ts'),
    compatibilityDate: '2026-07-01',
    host: '127.0.0.1',
    bindings,
    // It logs every client that disconnects.
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
])('a client that disconnects %s is detected by a comment', async (_, fault) => {
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

test('the name of the worker must be allowed', async () => {
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

describe('OAuth', () => {
  test('access tokens are checked, and allow what their scopes say', async () => {
    await using issuer = await startIssuer();
    await using away = await startIssuer();
    const guarded = await startWorker({
      OLLAMA_HOST: ollama.host,
      OAUTH_ISSUER: issuer.url,
      OAUTH_AUDIENCE: audience,
    });
    try {
      const at = new URL('/mcp', await guarded.ready).href;
      const ask = async (token: string, message: object = listTools) => {
        const answer = await post(at, message, { headers: { Authorization: `Bearer ${token}` } });
        return { status: answer.status, text: await answer.text(), challenge: answer.headers.get('www-authenticate') };
      };
      const all = await issuer.sign();
      // The first requests are simultaneous, and each loads the keys itself.
      const first = await Promise.all([ask(all), ask(all), ask(all)]);
      expect(first.map(({ status }) => status)).toEqual([200, 200, 200]);
      expect(first[0]?.text).toContain('ollama_chat');
      const reader = await issuer.sign({ scope: 'ollama:read' });
      expect((await ask(reader)).text).not.toContain('ollama_chat');
      expect(await ask(reader, callTool('ollama_chat', hello))).toMatchObject({
        status: 403,
        challenge: expect.stringContaining('insufficient_scope'),
      });
      for (const token of [withOtherSignature(all), await forgedToken(issuer, 'HS256'), await away.sign()]) {
        expect(await ask(token)).toMatchObject({ status: 401, challenge: expect.stringContaining('invalid_token') });
      }
      const metadata = await fetch(new URL('/.well-known/oauth-protected-resource/mcp', at));
      expect(await metadata.json()).toMatchObject({ resource: audience, authorization_servers: [issuer.url] });
    } finally {
      await guarded.dispose();
    }
  });

  test('an issuer that is down gives an error', async () => {
    await using away = await startIssuer();
    const token = await away.sign();
    await away.stop();
    const bindings = { OLLAMA_HOST: ollama.host, OAUTH_ISSUER: away.url, OAUTH_AUDIENCE: audience };
    const guarded = await startWorker(bindings);
    try {
      const at = new URL('/mcp', await guarded.ready).href;
      const answer = await post(at, listTools, { headers: { Authorization: `Bearer ${token}` } });
      expect([answer.status, await answer.text()]).toEqual([
        503,
        expect.stringContaining('its metadata cannot be read'),
      ]);
    } finally {
      await guarded.dispose();
    }
  });
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
