import { describe, expect, test } from 'vitest';
import { knownTools } from '../../server/known-tools.ts';
import { scopeRules } from '../../server/scope-rules.ts';
import { Access } from './access.ts';
import { tokenCheck } from './token.ts';

test('only the exact token is accepted', async () => {
  const isToken = tokenCheck('a-token');
  expect(await isToken('a-token')).toBe(true);
  for (const wrong of ['', 'a-toke', 'a-token ', 'A-token', 'b-token']) expect(await isToken(wrong)).toBe(false);
});

test.each([
  ['Bearer a-token', undefined],
  ['bearer   a-token ', undefined],
  ['', 401],
  ['a-token', 401],
  ['Bearer', 401],
  ['Bearer a-token more', 401],
  ['Bearer a-token, Bearer b-token', 401],
  ['Basic dXNlcg==, Bearer a-token', 401],
  ['Basic Bearer a-token', 401],
  ['xBearer a-token', 401],
  ['Bearer b-token', 401],
])('the header "%s" is refused with %s', async (authorization, status) => {
  const access = new Access({ token: 'a-token' }, scopeRules([]), '/mcp');
  const request = new Request('http://localhost/mcp', { headers: { authorization } });
  const admission = await access.admit(request);
  expect('refusal' in admission ? admission.refusal.status : undefined).toBe(status);
});

const oauth = { issuer: 'https://login.example', audience: 'https://models.example/mcp' };
const metadata = '/.well-known/oauth-protected-resource/mcp';

const errorIn = async (response: Response | undefined) =>
  ((await response?.json()) as { error: { message: string } } | undefined)?.error.message;

describe('with OAuth', () => {
  const access = new Access({ oauth }, scopeRules(knownTools), '/mcp');
  const call = (id: number, name: string) => ({ jsonrpc: '2.0', id, method: 'tools/call', params: { name } });

  test('a client that may read and wants to chat is asked for both scopes, and for no more', async () => {
    const caller = { subject: 'ada', scopes: new Set(['ollama:read', 'openid']) };
    const refused = access.refuseMessage(caller, call(3, 'ollama_chat'));
    expect(refused?.headers.get('www-authenticate')).toContain('scope="ollama:read ollama:run", ');
    expect(await refused?.json()).toMatchObject({ id: 3 });
  });

  test('a batch is refused with the id of its first refused message, and names each missing scope once', async () => {
    const names = ['ollama_list_models', 'ollama_delete_model', 'ollama_chat', 'ollama_generate'];
    const batch = names.map((name, id) => call(id, name));
    const refused = access.refuseMessage({ subject: 'ada', scopes: new Set(['ollama:read']) }, batch);
    expect(await refused?.json()).toMatchObject({
      id: 1,
      error: {
        message: 'This needs the scope ollama:manage and ollama:run, which the access token does not have.',
      },
    });
  });

  test('the metadata can be read with GET and HEAD', async () => {
    const at = (method: string) => access.answerAt(metadata, new Request(`http://localhost${metadata}`, { method }));
    expect(await at('GET')?.json()).toMatchObject({ resource: oauth.audience });
    expect(at('HEAD')?.status).toBe(200);
    expect(await errorIn(at('DELETE'))).toBe('The method DELETE is not offered here.');
  });
});

test.each([
  ['a token', { token: 't' }, /^A bearer token is required\. There is no OAuth here: send the header/],
  ['OAuth', { oauth }, /^An access token is required, .* when they connect\.$/],
  ['both', { oauth, token: 't' }, /^An access token is required, .* Or send the header Authorization: Bearer TOKEN/],
])('with %s, a client that sends nothing is told what to send', async (_, options, problem) => {
  const admission = await new Access(options, scopeRules([]), '/mcp').admit(new Request('http://localhost/mcp'));
  expect('refusal' in admission && (await errorIn(admission.refusal))).toMatch(problem);
});
