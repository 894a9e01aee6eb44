import { describe, expect, test } from 'vitest';
import { callErrors } from '../errors/call-errors.ts';
import type { OllamaError } from '../errors/errors.ts';
import type { Timeouts } from '../options.ts';
import { routes } from '../wire/routes.ts';
import { Deadlines, timeoutsOf } from './deadlines.ts';

/** A clock that is set by hand, and its timers. */
class Clock {
  ms = 0;
  readonly #timers = new Set<{ at: number; callback: () => void }>();
  /** How often a timer was set. */
  set = 0;

  readonly platform = {
    now: () => this.ms,
    sleep: () => Promise.reject(new Error('timers are there')),
    timer: (ms: number, callback: () => void) => {
      const timer = { at: this.ms + ms, callback };
      this.#timers.add(timer);
      this.set += 1;
      return () => void this.#timers.delete(timer);
    },
  };

  get timers(): number {
    return this.#timers.size;
  }

  to(ms: number): void {
    for (;;) {
      const [next] = [...this.#timers].filter(({ at }) => at <= ms).sort((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.#timers.delete(next);
      this.ms = next.at;
      next.callback();
    }
    this.ms = ms;
  }
}

const facts = { url: 'http://127.0.0.1:11434', method: 'POST', path: '/api/chat', model: 'm', errors: callErrors };

function start(timeouts: Partial<Record<keyof Timeouts, number>>) {
  const clock = new Clock();
  const expired: OllamaError[] = [];
  const none = { connectMs: 0, firstByteMs: 0, idleMs: 0, totalMs: 0 };
  const deadlines = new Deadlines({ ...none, ...timeouts }, facts, clock.platform, (error) => expired.push(error));
  return { clock, expired, deadlines };
}

describe('which deadlines a call has', () => {
  test.each([
    ['an answer', routes.chat, { connectMs: 10_000, firstByteMs: 0, idleMs: 600_000, totalMs: 0 }],
    ['a quick request', routes.version, { connectMs: 10_000, firstByteMs: 0, idleMs: 600_000, totalMs: 30_000 }],
    ['a transfer', routes.pull, { connectMs: 10_000, firstByteMs: 0, idleMs: 0, totalMs: 0 }],
  ])('by default: %s', (_, route, timeouts) => {
    expect(timeoutsOf(route, undefined, undefined)).toEqual(timeouts);
  });

  test('those of the call override those of the client, one by one', () => {
    const client = { connectMs: 1, firstByteMs: 2, totalMs: 3 };
    expect(timeoutsOf(routes.version, client, { firstByteMs: 20, idleMs: 40 })).toEqual({
      connectMs: 1,
      firstByteMs: 20,
      idleMs: 40,
      totalMs: 3,
    });
  });

  test.each([0, -1, Number.POSITIVE_INFINITY, Number.NaN])('%s means no deadline', (ms) => {
    expect(timeoutsOf(routes.version, { idleMs: 5 }, { totalMs: ms, idleMs: ms })).toMatchObject({
      totalMs: 0,
      idleMs: 0,
    });
  });
});

test('without deadlines there is no timer', () => {
  const { clock, deadlines } = start({});
  deadlines.sent();
  deadlines.waiting();
  expect(clock.set).toBe(0);
});

describe('the total deadline', () => {
  test('counts from the beginning, whatever arrives', () => {
    const { clock, expired, deadlines } = start({ totalMs: 100, idleMs: 60 });
    deadlines.sent();
    deadlines.answered();
    clock.to(50);
    deadlines.waiting();
    clock.to(90);
    deadlines.arrived();
    deadlines.waiting();
    clock.to(99);
    expect(expired).toEqual([]);
    clock.to(100);
    expect(expired).toMatchObject([
      {
        code: 'timeout',
        phase: 'total',
        limit: 'total',
        limitMs: 100,
        message: 'The call did not finish within 100 ms (timeouts.totalMs; POST /api/chat at http://127.0.0.1:11434).',
        hint: expect.stringContaining('timeouts.totalMs'),
        model: 'm',
      },
    ]);
  });
});

describe('the first-byte deadline', () => {
  test('counts from the request', () => {
    const { clock, expired, deadlines } = start({ firstByteMs: 100 });
    clock.to(500);
    deadlines.sent();
    clock.to(599);
    expect(expired).toEqual([]);
    clock.to(600);
    expect(expired).toMatchObject([
      { phase: 'firstByte', limit: 'firstByte', limitMs: 100, hint: expect.stringContaining('timeouts.firstByteMs') },
    ]);
    expect(expired[0]?.message).toMatch(/^No answer began within 100 ms \(timeouts\.firstByteMs; /);
  });

  test('stops once the response begins, and starts again with the next attempt', () => {
    const { clock, expired, deadlines } = start({ firstByteMs: 100 });
    deadlines.sent();
    clock.to(90);
    deadlines.answered();
    clock.to(150);
    deadlines.sent();
    clock.to(249);
    expect(expired).toEqual([]);
    clock.to(250);
    expect(expired).toHaveLength(1);
  });
});

describe('the idle deadline', () => {
  test('counts only during a read, and each piece ends it', () => {
    const { clock, expired, deadlines } = start({ idleMs: 100 });
    for (const at of [0, 80, 160]) {
      clock.to(at);
      deadlines.waiting();
      clock.to(at + 70);
      deadlines.arrived();
    }
    // Nobody reads for a long time.
    clock.to(5000);
    deadlines.waiting();
    clock.to(5099);
    expect(expired).toEqual([]);
    clock.to(5100);
    expect(expired).toMatchObject([
      { phase: 'idle', limit: 'idle', limitMs: 100, hint: expect.stringContaining('timeouts.idleMs') },
    ]);
    expect(expired[0]?.message).toMatch(/^Ollama sent no data for 100 ms \(timeouts\.idleMs; /);
  });

  test('counts from the last piece, even if an earlier timer fires in between', () => {
    const { clock, expired, deadlines } = start({ idleMs: 100 });
    deadlines.waiting();
    clock.to(70);
    deadlines.arrived();
    clock.to(80);
    deadlines.waiting();
    clock.to(179);
    expect(expired).toEqual([]);
    clock.to(180);
    expect(expired).toHaveLength(1);
  });

  test('of a stream sets a timer now and then, not for each piece', () => {
    const { clock, expired, deadlines } = start({ idleMs: 1000 });
    for (let at = 0; at < 10_000; at += 10) {
      clock.to(at);
      deadlines.waiting();
      clock.to(at + 5);
      deadlines.arrived();
    }
    expect(expired).toEqual([]);
    expect(clock.set).toBeLessThan(20);
  });
});

test('the first deadline that passes counts, once', () => {
  for (const [timeouts, limit] of [
    [{ totalMs: 50, firstByteMs: 100, idleMs: 100 }, 'total'],
    [{ totalMs: 100, firstByteMs: 50, idleMs: 100 }, 'firstByte'],
    [{ totalMs: 100, firstByteMs: 100, idleMs: 50 }, 'idle'],
    [{ totalMs: 50, firstByteMs: 50, idleMs: 50 }, 'total'],
    [{ totalMs: 100, firstByteMs: 50, idleMs: 50 }, 'firstByte'],
  ] as const) {
    const { clock, expired, deadlines } = start(timeouts);
    deadlines.sent();
    deadlines.waiting();
    clock.to(1000);
    expect(expired.map((error) => error.limit)).toEqual([limit]);
    expect(clock.timers).toBe(0);
  }
});

test('no timer is left at the end', () => {
  const { clock, expired, deadlines } = start({ totalMs: 100, firstByteMs: 50, idleMs: 20 });
  deadlines.sent();
  deadlines.waiting();
  expect(clock.timers).toBe(1);
  deadlines.end();
  deadlines.end();
  expect(clock.timers).toBe(0);
  clock.to(1000);
  expect(expired).toEqual([]);
});

test('a clock that does not advance, or a timer that fires too early, causes no endless loop', () => {
  const { clock, expired, deadlines } = start({ totalMs: 100 });
  const callbacks: (() => void)[] = [];
  const platform = {
    ...clock.platform,
    now: () => 0,
    timer: (_: number, callback: () => void) => {
      callbacks.push(callback);
      return () => {};
    },
  };
  const still: OllamaError[] = [];
  const timeouts = { connectMs: 0, firstByteMs: 0, idleMs: 0, totalMs: 100 };
  new Deadlines(timeouts, facts, platform, (error) => still.push(error));
  callbacks[0]?.();
  expect(still).toHaveLength(1);
  expect(callbacks).toHaveLength(1);
  deadlines.end();
  expect(expired).toEqual([]);
});

test('an undefined limit is as good as none: the next in line applies', () => {
  const own: Timeouts = { idleMs: undefined };
  const clients: Timeouts = { totalMs: undefined, idleMs: 5 };
  expect(timeoutsOf(routes.version, clients, own)).toMatchObject({ idleMs: 5, totalMs: 30_000 });
});
