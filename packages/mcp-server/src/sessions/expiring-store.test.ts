import { expect, test } from 'vitest';
import { ExpiringStore } from './expiring-store.ts';

test('only so many are kept: the one that was not used for longest goes', () => {
  const kept = new ExpiringStore<string>({ maxSize: 2, idleMs: 10 }, () => 0);
  const [first, second] = [kept.add('a'), kept.add('b')];
  expect(kept.get(first)).toBe('a');
  const third = kept.add('c');
  expect(kept.get(second)).toBeUndefined();
  expect(kept.ids).toEqual([first, third]);
});

test('what is not used for long is forgotten; use keeps it', () => {
  let now = 0;
  const kept = new ExpiringStore<string>({ maxSize: 2, idleMs: 10 }, () => now);
  const [used, idle] = [kept.add('used'), kept.add('idle')];
  now = 8;
  kept.get(used);
  now = 12;
  expect(kept.ids).toEqual([used]);
  expect(kept.get(idle)).toBeUndefined();
  kept.clear();
  expect(kept.get(used)).toBeUndefined();
});
