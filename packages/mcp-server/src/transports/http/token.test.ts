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

test('the problem with a token does not include it', () => {
  expect(tokenProblem('secret words')).toMatch(/letters, digits and signs of ASCII/);
  expect(tokenProblem('secret words')).not.toContain('secret');
});
