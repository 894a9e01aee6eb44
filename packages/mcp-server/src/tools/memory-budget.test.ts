import { expect, test } from 'vitest';
import { MemoryBudget, weigh } from './memory-budget.ts';

test('a call reserves memory and frees it only once', () => {
  const budget = new MemoryBudget(100);
  const end = budget.take(60);
  expect(budget.take(41)).toBeUndefined();
  end?.();
  end?.();
  expect(budget.usedBytes).toBe(0);
  expect(budget.take(100)).toBeDefined();
});

test('the least recently used entries are dropped first, but none for a request that would not fit anyway', () => {
  const budget = new MemoryBudget(100);
  const dropped: string[] = [];
  const a = budget.keep(30, () => dropped.push('a'));
  budget.keep(30, () => dropped.push('b'));
  a.use(40);
  expect(budget.take(101)).toBeUndefined();
  expect(dropped).toEqual([]);
  expect(budget.take(50)).toBeDefined();
  expect(dropped).toEqual(['b']);
  a.use(60);
  expect(dropped).toEqual(['b', 'a']);
  a.end();
  a.end();
  a.use(1);
  expect(budget.usedBytes).toBe(50);
});

test('an entry stays while everything just fits', () => {
  const budget = new MemoryBudget(100);
  const dropped: string[] = [];
  budget.keep(50, () => dropped.push('a'));
  expect(budget.take(50)).toBeDefined();
  expect(dropped).toEqual([]);
});

test('an entry larger than the whole budget is not kept', () => {
  const budget = new MemoryBudget(100);
  let isDropped = false;
  budget.keep(101, () => {
    isDropped = true;
  });
  expect([isDropped, budget.usedBytes]).toEqual([true, 0]);
});

test('the weight of a value is close to its memory use', () => {
  expect(weigh('x'.repeat(1000))).toBeGreaterThanOrEqual(2000);
  const vector = Array.from({ length: 1000 }, () => 0.5);
  expect(weigh([vector, vector])).toBeGreaterThanOrEqual(16_000);
  expect(weigh([vector, vector])).toBeLessThan(17_000);
});

test('a value with empty fields has a weight too', () => {
  const filled = weigh({ a: 'x', b: 1, c: true });
  expect(filled).toBeGreaterThan(weigh({ a: 'x' }));
  for (const empty of [null, undefined]) {
    expect(weigh({ a: 'x', b: empty, c: empty })).toBe(filled);
    expect(weigh(empty)).toBeGreaterThan(0);
  }
});

test('a very deep value has a weight too', () => {
  let deep: unknown = 'x';
  for (let level = 0; level < 100_000; level += 1) deep = [deep];
  expect(weigh(deep)).toBeGreaterThan(100_000);
});
