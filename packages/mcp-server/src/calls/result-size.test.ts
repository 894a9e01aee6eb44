import { expect, test } from 'vitest';
import * as z from 'zod';
import { sized } from './result-size.ts';
import { estimateTokens } from './token-estimate.ts';

const capped = <Value>(value: Value, maxTokens?: number): Value =>
  sized(value, undefined, { ...(maxTokens && { maxTokens }) }).value;

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

test('lists and free objects are cut, and named fields are not', () => {
  const schema = z.object({
    rows: z.array(z.object({ name: z.string(), score: z.number() })),
    vectors: z.array(z.array(z.number())),
    free: z.record(z.string(), z.unknown()),
    last: z.string(),
  });
  const value = {
    rows: Array.from({ length: 20_000 }, (_, index) => ({ name: `n${index}`, score: index })),
    vectors: Array.from({ length: 500 }, () => [1, 2, 3]),
    free: Object.fromEntries(
      Array.from({ length: 20_000 }, (_, index) => [`k${index}${'x'.repeat(1000)}`, { deep: [index] }]),
    ),
    last: 'here',
  };
  const { value: shown, left } = sized(value, schema);
  expect(schema.safeParse(shown).success).toBe(true);
  expect(estimateTokens(JSON.stringify(shown))).toBeLessThan(12_000);
  expect(shown.rows.length).toBeGreaterThan(5);
  expect(shown.rows[0]).toEqual(value.rows[0]);
  expect(shown.vectors[0]).toEqual([1, 2, 3]);
  expect(shown.last).toBe('here');
  expect(left).toContain(`rows has ${shown.rows.length} of 20000 items`);
  expect(left).toContain(`free has ${Object.keys(shown.free).length} of 20000 fields`);
});

test('what is wide at every level is cut at every level', () => {
  const wide = (levels: number): unknown =>
    levels === 0 ? 1 : Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`key${index}`, wide(levels - 1)]));
  const { value, left } = sized({ free: wide(3) });
  expect(estimateTokens(JSON.stringify(value))).toBeLessThan(14_000);
  expect(left[0]).toMatch(/^free has \d+ of 40 fields$/);
});

test('long keys, level in level, are cut too', () => {
  let deep: unknown = 1;
  for (let level = 0; level < 150; level++) deep = { ['k'.repeat(5000)]: deep };
  const { value } = sized({ free: deep });
  expect(estimateTokens(JSON.stringify(value))).toBeLessThan(12_000);
});
