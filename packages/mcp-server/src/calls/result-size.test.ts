import { expect, test } from 'vitest';
import { capped, estimateTokens } from './result-size.ts';

test('what fits is left as it is', () => {
  const value = { text: 'short', list: [1, 2, 3], none: null };
  expect(capped(value)).toBe(value);
});

test('the longest texts are cut, wherever they are; the short ones and the numbers stay', () => {
  const long = 'some words '.repeat(1000);
  const { text, list, deep } = capped(
    { text: 'short', list: [long, 'b'], deep: { more: long, numbers: [1, 2] } },
    1000,
  );
  expect(text).toBe('short');
  expect(list[1]).toBe('b');
  expect(deep.numbers).toEqual([1, 2]);
  for (const cut of [list[0] ?? '', deep.more])
    expect(cut).toMatch(/^some words .*\n\[cut: \d+ of 11000 characters\]$/);
  expect(estimateTokens(JSON.stringify({ text, list, deep }))).toBeLessThan(1050);
});

test('where there is no room at all each text keeps its beginning', () => {
  const value = { texts: Array.from({ length: 5 }, () => 'x '.repeat(500)) };
  for (const text of capped(value, 10).texts) expect(text).toMatch(/^(x ){100}\n\[cut: 200 of 1000 characters\]$/);
});

test('no character is cut in half', () => {
  for (const lead of ['', 'a']) {
    const { text } = capped({ text: lead + '🦙'.repeat(5000) }, 1000);
    expect(() => encodeURIComponent(text)).not.toThrow();
  }
});

test.each([
  ['The quick brown fox jumps over the lazy dog.', 9],
  ['模型在本地运行', 5],
  ['9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08', 30],
])('the estimate for %s is on the safe side', (text, real) => {
  expect(estimateTokens(text)).toBeGreaterThanOrEqual(real);
  expect(estimateTokens(text)).toBeLessThan(real * 2);
});
