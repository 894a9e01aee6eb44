import { UnauthorizedError } from '@modelcontextprotocol/sdk/client/auth.js';
import { startScripted } from '@ollama-toolbelt/ollama-server';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { call, hello, nowhere } from '../../fixtures/mcp/connect.ts';
import { connectHttp, startHttp } from '../../fixtures/mcp-http/http-process.ts';
import { agree, ClientState, connectByOAuth } from '../../fixtures/mcp-http/oauth/connect-by-oauth.ts';
import { type Issuer, startIssuer } from '../../fixtures/mcp-http/oauth/issuer.ts';
import { startWithOAuth } from '../../fixtures/mcp-http/oauth/start-with-oauth.ts';

let issuer: Issuer;
beforeAll(async () => {
  issuer = await startIssuer();
});
afterAll(() => issuer[Symbol.asyncDispose]());

const names = async ({ client }: Awaited<ReturnType<typeof connectHttp>>) =>
  (await client.listTools()).tools.map(({ name }) => name);

test.each([
  ['stateless', []],
  ['with sessions', ['--http-sessions']],
])('a host that only knows the address finds the issuer, registers, and calls: %s', async (_, args) => {
  await using ollama = await startScripted();
  await using server = await startWithOAuth(issuer, { host: ollama.host, args: [...args, '--verbose'] });
  const state = new ClientState();
  await using connection = await connectByOAuth(server.url, { name: 'ada' }, state);
  // Only the scopes that the offered tools need.
  expect(state.page?.searchParams.get('scope')).toBe('ollama:read ollama:run');
  expect(state.page?.searchParams.get('resource')).toBe(server.url);
  expect(await names(connection)).toEqual(expect.arrayContaining(['ollama_chat', 'ollama_list_models']));
  expect((await call(connection, 'ollama_chat', hello)).structured).toMatchObject({ done_reason: 'stop' });
  const token = state.tokens()?.access_token ?? '';
  expect(token.split('.')).toHaveLength(3);
  await expect.poll(server.stderr).toMatch(/POST tools\/call ollama_chat: 200/);
  for (const part of token.split('.')) expect(server.stderr()).not.toContain(part);
  // The token is only for this server, so it must not reach Ollama.
  for (const { headers } of ollama.requests) expect(headers['authorization']).toBeUndefined();
});

test('a person who allows fewer scopes gets fewer tools, until they agree to more', async () => {
  await using ollama = await startScripted();
  await using server = await startWithOAuth(issuer, {
    host: ollama.host,
    args: ['--toolsets', 'inference,models,manage', '--http-sessions'],
  });
  const state = new ClientState();
  const person = { name: 'ada', scope: 'ollama:read ollama:manage' };
  await using connection = await connectByOAuth(server.url, person, state);
  expect(await names(connection)).toEqual([
    ...['ollama_job', 'ollama_list_models', 'ollama_show_model', 'ollama_status', 'ollama_pull_model'],
    ...['ollama_push_model', 'ollama_create_model', 'ollama_copy_model', 'ollama_delete_model'],
    ...['ollama_load_model', 'ollama_unload_model'],
  ]);
  expect((await call(connection, 'ollama_list_models')).isError).toBe(false);
  await expect(call(connection, 'ollama_chat', hello)).rejects.toThrow(UnauthorizedError);
  expect(ollama.requestsTo('/api/chat')).toEqual([]);
  // It asks for the missing scope, and those it already has.
  expect(state.page?.searchParams.get('scope')).toBe('ollama:read ollama:run ollama:manage');
  await agree(server.url, state, { name: 'ada' });
  // The session has not changed.
  expect((await call(connection, 'ollama_chat', hello)).isError).toBe(false);
  expect(await names(connection)).toContain('ollama_chat');
});

test('if there is also a shared token, both are accepted', async () => {
  await using server = await startWithOAuth(issuer, { host: nowhere, env: { OLLAMA_MCP_TOKEN: 'token-for-all' } });
  for (const token of ['token-for-all', await issuer.sign({ aud: server.url })]) {
    await using connection = await connectHttp(server.url, token);
    expect(await names(connection)).toContain('ollama_chat');
  }
  await issuer.stop();
  try {
    await using connection = await connectHttp(server.url, 'token-for-all');
    expect(await names(connection)).toContain('ollama_chat');
  } finally {
    await issuer.start();
  }
});

test('without OAuth, a host that looks for it can tell the person what to do', async () => {
  await using server = await startHttp({ host: nowhere, env: { OLLAMA_MCP_TOKEN: 'token-for-all' } });
  const failed = connectByOAuth(server.url, { name: 'ada' });
  await expect(failed).rejects.toMatchObject({
    cause: { message: expect.stringContaining('There is no OAuth here: send the header Authorization: Bearer TOKEN') },
  });
});
