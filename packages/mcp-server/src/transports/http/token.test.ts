import { expect, test } from 'vitest';
import { tokenProblem } from './token.ts';

test.each([
  ['abc!~', true],
  ['', false],
  ['a b', false],
  [' a', false],
  ['a\n', false],
  ['ä', false],
])('the token %j can be sent: %s', (token, can) => {
  expect(tokenProblem(token) === undefined).toBe(can);
});
