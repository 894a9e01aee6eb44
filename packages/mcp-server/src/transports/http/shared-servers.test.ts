import { expect, test } from 'vitest';
import { SharedServers } from './shared-servers.ts';

function setUp() {
  let made = 0;
  const busy = new Set<number>();
  const closed: number[] = [];
  const shared = new SharedServers(() => made++, {
    isBusy: (one) => busy.has(one),
    close: (one) => void closed.push(one),
  });
  return { shared, busy, closed };
}

test('each subject has its own server, and clients without one share theirs', () => {
  const { shared } = setUp();
  expect([undefined, 'ann', 'bob', 'ann', undefined].map((subject) => shared.of(subject))).toEqual([0, 1, 2, 1, 0]);
});

test('the least recently used server is dropped to make room, but never a busy one', () => {
  const { shared, busy, closed } = setUp();
  for (let count = 0; count < 200; count += 1) shared.of(`subject ${count}`);
  busy.add(0);
  shared.of('subject 1');
  shared.of('one more');
  expect(closed).toEqual([2]);
  expect(shared.of('subject 0')).toBe(0);
  shared.close();
  expect(closed).toHaveLength(201);
});
