import { startScripted } from '@ollama-toolbelt/ollama-server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hello, nowhere } from '../../fixtures/mcp/connect.ts';
import { runCli } from '../../fixtures/mcp/run-cli.ts';
import { callTool, type HttpProcess, listTools, post, startHttp } from '../../fixtures/mcp-http/http-process.ts';
import { forgedToken, withOtherSignature } from '../../fixtures/mcp-http/oauth/forged-token.ts';
import { audience, type Issuer, startIssuer } from '../../fixtures/mcp-http/oauth/issuer.ts';

const metadataUrl = 'https://models.example/.well-known/oauth-protected-resource/mcp';
const flagsFor = ({ url }: Pick<Issuer, 'url'>) => ['--oauth-issuer', url, '--oauth-audience', audience];
const bearer = (token: string) => ({ headers: { Authorization: `Bearer ${token}` } });
const hour = 3600;
const now = () => Math.floor(Date.now() / 1000);

let issuer: Issuer;
let other: Issuer;
let server: HttpProcess;
beforeAll(async () => {
  [issuer, other] = await Promise.all([startIssuer(), startIssuer()]);
  server = await startHttp({ host: nowhere, args: [...flagsFor(issuer), '--verbose'] });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await Promise.all([issuer[Symbol.asyncDispose](), other[Symbol.asyncDispose]()]);
});

const problemIn = async (response: Response) =>
  ((await response.json()) as { error: { message: string } }).error.message;

test.each<[string, () => Promise<string>]>([
  ['of the issuer', () => issuer.sign()],
  ['for several servers', () => issuer.sign({ aud: ['https://other.example', audience] })],
  ['for the server with a slash at the end of its address', () => issuer.sign({ aud: `${audience}/` })],
  ['whose issuer sets its type to JWT', () => issuer.sign({}, { typ: 'JWT' })],
  ['with its scopes in scp', () => issuer.sign({ scope: undefined, scp: ['ollama:run', 'ollama:read'] })],
  ['that expired within the clock tolerance', () => issuer.sign({ exp: now() - 5 })],
])('a token %s is accepted', async (_, token) => {
  const answer = await post(server.url, listTools, bearer(await token()));
  expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('ollama_chat')]);
});

test.each<[string, () => Promise<string>, string]>([
  ['with another signature', async () => withOtherSignature(await issuer.sign()), 'signature of the access token'],
  ['for another server', () => issuer.sign({ aud: 'https://other.example/mcp' }), `audience (aud) is not ${audience}`],
  ['for no server', () => issuer.sign({ aud: undefined }), 'lacks aud'],
  ['that names another issuer', () => issuer.sign({ iss: other.url }), 'another issuer (iss) than'],
  ['of another issuer', () => other.sign(), 'a key that the issuer does not publish'],
  ['of another issuer that names this one', () => other.sign({ iss: issuer.url }), 'does not publish'],
  [
    'signed with another key under the name of the right one',
    () => other.sign({ iss: issuer.url }, { kid: issuer.publicKey().kid ?? '' }),
    'signature of the access token',
  ],
  ['that has expired', () => issuer.sign({ exp: now() - hour }), 'has expired'],
  ['that expired a minute ago', () => issuer.sign({ exp: now() - 60 }), 'has expired'],
  ['that becomes valid in a minute', () => issuer.sign({ nbf: now() + 60 }), 'not valid yet'],
  ['that never expires', () => issuer.sign({ exp: undefined }), 'lacks exp'],
  ['that is not valid yet', () => issuer.sign({ nbf: now() + hour }), 'not valid yet'],
  ['without a subject', () => issuer.sign({ sub: undefined }), 'lacks sub'],
  ['with an empty subject', () => issuer.sign({ sub: '' }), 'names no subject'],
  ['that is a logout token', () => issuer.sign({}, { typ: 'logout+jwt' }), 'not an access token'],
  ['without a signature', () => forgedToken(issuer, 'none'), 'algorithm that is not allowed'],
  ['signed with the public key', () => forgedToken(issuer, 'HS256'), 'algorithm that is not allowed'],
  ['that is not a JWT', async () => 'opaque-token', 'it should be a signed JWT'],
  ['that looks like a JWT', async () => 'a.b.c', 'it should be a signed JWT'],
])('a token %s is refused', async (_, make, problem) => {
  const token = await make();
  const answer = await post(server.url, listTools, bearer(token));
  expect(answer.status).toBe(401);
  const problemText = await problemIn(answer);
  expect(problemText).toContain(problem);
  expect(answer.headers.get('www-authenticate')).toBe(
    `Bearer error="invalid_token", scope="ollama:read ollama:run", resource_metadata="${metadataUrl}", error_description="${problemText}"`,
  );
  for (const part of token.split('.').filter((part) => part.length > 8)) {
    expect(problemText).not.toContain(part);
    expect(server.stderr()).not.toContain(part);
  }
});

test.each(['POST', 'GET', 'DELETE'])('without a token, %s says where to get one', async (method) => {
  const answer = await fetch(server.url, { method });
  expect(answer.status).toBe(401);
  expect(await problemIn(answer)).toContain(`of the issuer ${issuer.url} and for ${audience}`);
  const challenge = answer.headers.get('www-authenticate') ?? '';
  expect(challenge).toMatch(/^Bearer scope="ollama:read ollama:run", resource_metadata="/);
  expect(challenge).toContain(`resource_metadata="${metadataUrl}"`);
});

describe('scopes', () => {
  const sees = async (scope: string) => {
    const answer = await post(server.url, listTools, bearer(await issuer.sign({ scope })));
    return (await answer.text()).match(/"name":"(ollama_\w+)"/g)?.length ?? 0;
  };

  test('limit the list of tools', async () => {
    expect([await sees('ollama:read'), await sees('ollama:run openid'), await sees('ollama:read ollama:run')]).toEqual([
      3, 4, 7,
    ]);
  });

  test.each([
    ['ollama:read', callTool('ollama_chat', hello), 'ollama:run', 'ollama:read ollama:run'],
    ['ollama:run', callTool('ollama_status', {}), 'ollama:read', 'ollama:read ollama:run'],
    ['ollama:run', { ...listTools, method: 'resources/read', params: { uri: 'ollama://models' } }, 'ollama:read', ''],
    [
      'ollama:run',
      { ...listTools, method: 'resources/read', params: { uri: 'ui://ollama-toolbelt/models-1.html' } },
      'ollama:read',
      '',
    ],
    [
      'ollama:read',
      { ...listTools, method: 'resources/read', params: { uri: 'ollama://embeddings/1' } },
      'ollama:run',
      '',
    ],
    ['ollama:run', { ...listTools, method: 'completion/complete', params: {} }, 'ollama:read', ''],
    ['ollama:read', [listTools, { ...callTool('ollama_chat', hello), id: 2 }], 'ollama:run', ''],
    ['ollama:read', callTool(['ollama_chat'] as never, hello), 'ollama:run', ''],
  ])('%s: %j is refused, because it needs %s', async (scope, message, needed, asked) => {
    const answer = await post(server.url, message, bearer(await issuer.sign({ scope })));
    expect(answer.status).toBe(403);
    const { id, error } = (await answer.json()) as { id: number; error: { message: string } };
    expect([id, error.message]).toEqual([Array.isArray(message) ? 2 : 1, expect.stringContaining(`scope ${needed}`)]);
    const all = asked || 'ollama:read ollama:run';
    expect(answer.headers.get('www-authenticate')).toBe(
      `Bearer error="insufficient_scope", scope="${all}", resource_metadata="${metadataUrl}", error_description="${error.message}"`,
    );
  });

  test('a tool that the server does not offer is unknown, not forbidden', async () => {
    const token = await issuer.sign({ scope: 'ollama:read' });
    const answer = await post(server.url, callTool('ollama_delete_model', { model: 'm' }), bearer(token));
    expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('Unknown tool')]);
  });

  test('a token without any scope is refused at once, with a list of the scopes', async () => {
    const answer = await post(server.url, listTools, bearer(await issuer.sign({ scope: 'openid' })));
    expect([answer.status, await problemIn(answer)]).toEqual([403, expect.stringContaining('none of the scopes')]);
    expect(answer.headers.get('www-authenticate')).toContain(
      'error="insufficient_scope", scope="ollama:read ollama:run"',
    );
  });
});

describe('an issuer', () => {
  test('that is down gives an error and is asked again; its keys are kept', async () => {
    await using ollama = await startScripted();
    await using away = await startIssuer();
    const token = bearer(await away.sign());
    await away.stop();
    await using waiting = await startHttp({ host: ollama.host, args: flagsFor(away) });
    const answer = await post(waiting.url, listTools, token);
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
    const problemText = await problemIn(answer);
    expect(problemText).toContain(`The issuer ${away.url} cannot be used: its metadata cannot be read (ECONNREFUSED).`);
    expect(problemText).toContain('try again later');
    await away.start();
    expect((await post(waiting.url, listTools, token)).status).toBe(200);
    await away.stop();
    expect((await post(waiting.url, listTools, token)).status).toBe(200);
    expect(waiting.stderr()).toBe('');
  });

  test('with a different name in its metadata gives an error', async () => {
    const args = ['--oauth-issuer', `${issuer.url}/`, '--oauth-audience', audience];
    await using strict = await startHttp({ host: nowhere, args });
    const answer = await post(strict.url, listTools, bearer(await issuer.sign()));
    expect([answer.status, await problemIn(answer)]).toEqual([
      503,
      expect.stringContaining(`it calls itself ${issuer.url}: the setting has to be exactly that`),
    ]);
  });
});

describe('settings', () => {
  test.each([
    [['--oauth-issuer', 'https://login.example'], '--oauth-issuer needs --oauth-audience'],
    [['--oauth-audience', audience], '--oauth-audience needs --oauth-issuer'],
    [['--oauth-issuer', 'http://login.example', '--oauth-audience', audience], '--oauth-issuer should be an https URL'],
    [['--oauth-issuer', 'https://login.example', '--oauth-audience', 'models'], '--oauth-audience should be an https'],
    ...[`${audience},https://b.example`, `${audience}, http://b.example`, `${audience} https://b.example`].map(
      (several): [string[], string] => [
        ['--oauth-issuer', 'https://login.example', '--oauth-audience', several],
        '--oauth-audience should be one URL',
      ],
    ),
    [['--oauth-issuer', 'https://login.example?a=1', '--oauth-audience', audience], 'no query and no fragment'],
  ])('%j gives an error', async (args, problem) => {
    const { code, stderr } = await runCli(['--http', '0', ...args]);
    expect([code, stderr.trim().split('\n')]).toEqual([2, [expect.stringContaining(problem)]]);
  });

  test('with OAuth it accepts other machines, under the name of the audience', async () => {
    const env = { OLLAMA_MCP_OAUTH_ISSUER: issuer.url, OLLAMA_MCP_OAUTH_AUDIENCE: audience };
    await using open = await startHttp({ host: nowhere, http: '0.0.0.0:0', env });
    const url = `http://127.0.0.1:${new URL(open.url).port}/mcp`;
    const origin = { Origin: 'https://models.example', ...bearer(await issuer.sign()).headers };
    expect((await post(url, listTools, { headers: origin })).status).toBe(200);
    const evil = { Origin: 'https://evil.example', ...bearer(await issuer.sign()).headers };
    expect((await post(url, listTools, { headers: evil })).status).toBe(403);
  });
});
