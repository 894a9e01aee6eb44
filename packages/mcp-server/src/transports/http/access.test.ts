import { expect, test } from 'vitest';
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
