import { expect, test } from 'vitest';
import { MemoryBudget } from '../tools/memory-budget.ts';
import { ExpiringStore } from './expiring-store.ts';

test('if the store is full, the least recently used entry is dropped', () => {
  const kept = new ExpiringStore<string>({ maxSize: 2, idleMs: 10, now: () => 0 });
  const [first, second] = [kept.add('a'), kept.add('b')];
  expect(kept.get(first)).toBe('a');
  const third = kept.add('c');
  expect(kept.get(second)).toBeUndefined();
  expect(kept.ids).toEqual([first, third]);
});

test('entries expire if they are not used', () => {
  let now = 0;
  const kept = new ExpiringStore<string>({ maxSize: 2, idleMs: 10, now: () => now });
  const [used, idle] = [kept.add('used'), kept.add('idle')];
  now = 8;
  kept.get(used);
  now = 12;
  expect(kept.ids).toEqual([used]);
  expect(kept.get(idle)).toBeUndefined();
  kept.clear();
  expect(kept.get(used)).toBeUndefined();
});

test('stores that share a budget make room for each other', () => {
  const budget = new MemoryBudget(100);
  const options = { maxSize: 9, idleMs: 10, budget, bytesOf: (text: string) => text.length, now: () => 0 };
  const [one, other] = [new ExpiringStore<string>(options), new ExpiringStore<string>(options)];
  const [a, b] = [one.add('a'.repeat(40)), one.add('b'.repeat(40))];
  one.get(a);
  const c = other.add('c'.repeat(40));
  expect([one.ids, other.ids]).toEqual([[a], [c]]);
  expect(one.get(b)).toBeUndefined();
  one.clear();
  other.clear();
  expect(budget.usedBytes).toBe(0);
});
