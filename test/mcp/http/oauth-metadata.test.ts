import { expect, test } from 'vitest';
import { nowhere } from '../../fixtures/mcp/connect.ts';
import { startHttp } from '../../fixtures/mcp-http/http-process.ts';

const issuer = 'https://login.example/realms/home';
const flags = (audience: string) => ['--oauth-issuer', issuer, '--oauth-audience', audience];
const wellKnown = '/.well-known/oauth-protected-resource';

test('everybody can read the resource metadata at the standard paths', async () => {
  const audience = 'https://models.example/ollama/mcp';
  const args = [...flags(audience), '--toolsets', 'models,manage'];
  await using server = await startHttp({ host: nowhere, args, env: { OLLAMA_MCP_TOKEN: 'token-for-all' } });
  for (const path of ['', '/', '/mcp', '/mcp/', '/ollama/mcp']) {
    const answer = await fetch(new URL(`${wellKnown}${path}`, server.url));
    expect([answer.status, await answer.json()]).toEqual([
      200,
      {
        resource: audience,
        authorization_servers: [issuer],
        scopes_supported: ['ollama:read', 'ollama:manage'],
        bearer_methods_supported: ['header'],
        resource_name: 'Ollama Toolbelt',
      },
    ]);
  }
  const posted = await fetch(new URL(wellKnown, server.url), { method: 'POST' });
  expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
});

test('web pages with allowed names may read it', async () => {
  await using server = await startHttp({ host: nowhere, args: flags('https://models.example/mcp') });
  const at = new URL(`${wellKnown}/mcp`, server.url);
  const Origin = 'http://localhost:6274';
  const preflight = await fetch(at, {
    method: 'OPTIONS',
    headers: {
      Origin,
      'Access-Control-Request-Method': 'GET',
      'Access-Control-Request-Headers': 'mcp-protocol-version',
    },
  });
  expect(preflight.status).toBe(204);
  expect(Object.fromEntries(preflight.headers)).toMatchObject({
    'access-control-allow-origin': Origin,
    'access-control-allow-methods': 'GET, OPTIONS',
    'access-control-allow-headers': 'mcp-protocol-version',
  });
  const answer = await fetch(at, { headers: { Origin } });
  expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([200, Origin]);
  const evil = await fetch(at, { headers: { Origin: 'https://evil.example' } });
  expect([evil.status, evil.headers.get('access-control-allow-origin')]).toEqual([403, null]);
});

const places = [
  ['GET', `${wellKnown}/mcp`],
  ['GET', '/.well-known/oauth-authorization-server'],
  ['GET', '/.well-known/openid-configuration'],
  ['GET', '/mcp/.well-known/openid-configuration'],
  ['POST', '/register'],
  ['GET', '/authorize'],
  ['POST', '/token'],
] as const;

test.each([
  ['with a token', { OLLAMA_MCP_TOKEN: 'token-for-all' }, 'There is no OAuth here: send the header Authorization'],
  ['with nothing', {}, 'no token is needed. MCP is at /mcp.'],
])('%s instead of OAuth, the OAuth paths say so', async (_, env, words) => {
  await using server = await startHttp({ host: nowhere, env: env as Record<string, string> });
  for (const [method, path] of places) {
    const answer = await fetch(new URL(path, server.url), { method });
    expect([answer.status, await answer.json()]).toEqual([
      404,
      { error: 'not_found', error_description: expect.stringContaining(words) },
    ]);
  }
});

test('a client that mistakes this server for the issuer is told the real one', async () => {
  await using server = await startHttp({ host: nowhere, args: flags('https://models.example/mcp') });
  for (const [method, path] of places.slice(1)) {
    const answer = await fetch(new URL(path, server.url), { method });
    expect([answer.status, await answer.json()]).toMatchObject([
      404,
      { error_description: expect.stringContaining(`of the issuer ${issuer}`) },
    ]);
  }
});
