import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { MemoryBudget, weigh } from '../tools/memory-budget.ts';
import { ExpiringStore } from './expiring-store.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

test('if the store is full, the least recently used entry is dropped', () => {
  const kept = new ExpiringStore<string>({ maxSize: 2, idleMs: 10 });
  const [first, second] = [kept.add('a'), kept.add('b')];
  expect(kept.get(first)).toBe('a');
  const third = kept.add('c');
  expect(kept.get(second)).toBeUndefined();
  expect(kept.ids).toEqual([first, third]);
});

test('entries expire if they are not used', () => {
  const kept = new ExpiringStore<string>({ maxSize: 2, idleMs: 10 });
  const [used, idle] = [kept.add('used'), kept.add('idle')];
  vi.advanceTimersByTime(8);
  kept.get(used);
  vi.advanceTimersByTime(2);
  expect(kept.ids).toEqual([idle, used]);
  vi.advanceTimersByTime(1);
  expect(kept.get(idle)).toBeUndefined();
  expect(kept.ids).toEqual([used]);
  kept.clear();
  expect(kept.get(used)).toBeUndefined();
});

test('stores that share a budget make room for each other', () => {
  const budget = new MemoryBudget(100);
  const options = { maxSize: 9, idleMs: 10, budget, bytesOf: (text: string) => text.length };
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

test('an entry that grows takes more memory once it is weighed', () => {
  const budget = new MemoryBudget();
  const kept = new ExpiringStore<number[]>({ maxSize: 2, idleMs: 10, budget });
  const grows = [1];
  kept.add(grows);
  expect(budget.usedBytes).toBe(weigh([1]));
  grows.push(2);
  kept.weigh();
  expect(budget.usedBytes).toBe(weigh([1, 2]));
  vi.advanceTimersByTime(11);
  kept.add([3]);
  expect(budget.usedBytes).toBe(weigh([3]));
});

test('ids are only listed if clients may see them', () => {
  const kept = new ExpiringStore<string>({ maxSize: 2, idleMs: 10, isListed: false });
  const id = kept.add('a');
  expect([kept.ids, kept.get(id)]).toEqual([undefined, 'a']);
});
