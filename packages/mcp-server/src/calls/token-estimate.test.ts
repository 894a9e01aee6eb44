import { expect, test } from 'vitest';
import { estimateTokens, tokensInJson } from './token-estimate.ts';

test.each([
  ['', 0],
  ['abcz', 0.96],
  ['ABCZ', 0.96],
  ['a b', 0.72],
  ['09', 1.2],
  ['.', 0.6],
  ['\n', 0.6],
  ['@[`{/:', 3.6],
  ['é', 0.8],
  ['\u007f', 0.6],
  ['\u0080', 0.8],
  ['🦙', 3.2],
  ['x'.repeat(16), 16 * 0.24],
  ['x'.repeat(18), 16 * 0.24 + 2 * 0.75],
  ...['0', '1', '9'].map((digit): [string, number] => [digit.repeat(17), 16 * 0.6 + 0.75]),
  [':'.repeat(17), 17 * 0.6],
  ['é'.repeat(17), 17 * 0.8],
  ['\ud800', 1.6],
  ['\udfff', 1.6],
  ['\ue000', 0.8],
  [`${'x'.repeat(16)} ${'x'.repeat(16)}`, 33 * 0.24],
])('%j has about %d tokens', (text, tokens) => {
  expect(estimateTokens(text)).toBeCloseTo(tokens, 10);
});

test('in JSON, quotes and escapes count, and quotes count half', () => {
  expect(tokensInJson('ab')).toBeCloseTo(0.48 + 0.6, 10);
  expect(tokensInJson('"')).toBeCloseTo(4 * 0.6 - 0.6, 10);
});
