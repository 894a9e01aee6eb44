import { expect, test } from 'vitest';
import * as z from 'zod';
import { sized } from './result-size.ts';
import { estimateTokens } from './token-estimate.ts';

const capped = <Value>(value: Value, maxTokens?: number): Value =>
  sized(value, undefined, { ...(maxTokens && { maxTokens }) }).value;

test('a value that fits is not changed', () => {
  const value = { text: 'short', list: [1, 2, 3], none: null };
  expect(capped(value)).toBe(value);
});

test('the longest texts are cut at any depth; short ones and numbers stay', () => {
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

test('if there is no room at all, each text keeps its beginning', () => {
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
])('the estimate for %s is not too low', (text, real) => {
  expect(estimateTokens(text)).toBeGreaterThanOrEqual(real);
  expect(estimateTokens(text)).toBeLessThan(real * 2);
});

test('lists and free objects are cut, but named fields are not', () => {
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

test('a value that is wide at every level is cut at every level', () => {
  const wide = (levels: number): unknown =>
    levels === 0 ? 1 : Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`key${index}`, wide(levels - 1)]));
  const { value, left } = sized({ free: wide(3) });
  expect(estimateTokens(JSON.stringify(value))).toBeLessThan(14_000);
  expect(left[0]).toMatch(/^free has \d+ of 40 fields$/);
});

test('long nested keys are cut too', () => {
  let deep: unknown = 1;
  for (let level = 0; level < 150; level++) deep = { ['k'.repeat(5000)]: deep };
  const { value } = sized({ free: deep });
  expect(estimateTokens(JSON.stringify(value))).toBeLessThan(12_000);
});

test('a value of exactly the allowed tokens is not cut, but one more item is', () => {
  // In tokens: each two-digit number takes 1.2 and its separator 0.6, the list 1.2.
  const rows = (count: number) => Array.from({ length: count }, () => 10);
  expect(sized(rows(10), undefined, { maxTokens: 19.2 + 1e-9 }).left).toEqual([]);
  const { value, left } = sized(rows(11), undefined, { maxTokens: 19.2 + 1e-9 });
  expect(value).toEqual(rows(10));
  expect(left).toEqual(['the result has 10 of 11 items']);
});

test('a vector takes six tokens per number, and is kept whole or left out', () => {
  const schema = z.object({ vectors: z.array(z.array(z.number())).optional(), list: z.array(z.string()).optional() });
  const vectors = Array.from({ length: 5 }, () => [1, 2, 3]);
  const { value, left } = sized({ vectors }, schema, { maxTokens: 60 });
  expect(value).toEqual({ vectors: [vectors[0], vectors[1]] });
  expect(left).toEqual(['vectors has 2 of 5 items']);
  // Without its schema, this list is cut like any other.
  expect(sized({ vectors }, undefined, { maxTokens: 60 }).left).toEqual([]);
});

test('cut values are named by their path, each kind once', () => {
  const wide = () => Array.from({ length: 900 }, (_, index) => index);
  const { left } = sized({ a: { b: [wide(), wide()] }, ['k'.repeat(70)]: wide(), c: null }, undefined, {
    maxTokens: 600,
  });
  expect(left.map((words) => words.split(' has ')[0])).toEqual(['a.b[]', 'k'.repeat(64)]);
});

test('null stays when other values are cut', () => {
  const { value } = sized({ none: null, rows: Array.from({ length: 30_000 }, () => null) });
  expect(value.none).toBe(null);
  expect(value.rows.every((row) => row === null)).toBe(true);
  expect(value.rows.length).toBeGreaterThan(1000);
});

test('a long key is cut, and only the shown part counts', () => {
  const { value } = sized({
    free: Object.fromEntries(Array.from({ length: 4000 }, (_, at) => [`${at}${'k'.repeat(300)}`, 1])),
  });
  const keys = Object.keys(value.free);
  expect(new Set(keys.map((key) => key.length))).toEqual(new Set([200]));
  expect(keys.length).toBeGreaterThan(60);
});

test('a deep value is shown down to the depth that fits', () => {
  let deep: unknown = 'end';
  for (let level = 0; level < 100; level++) deep = { ['k'.repeat(200)]: deep };
  const levelsOf = (value: unknown): number =>
    typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(levelsOf)) : 0;
  const at = (maxTokens: number) => levelsOf(sized(deep, undefined, { maxTokens }).value);
  expect([at(100_000), at(6000), at(3000), at(1500), at(800), at(10)]).toEqual([100, 33, 17, 9, 5, 2]);
});
