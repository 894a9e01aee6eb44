import { describe, expect, test } from 'vitest';
import type { Sleep } from '../platform.ts';
import { CallLimits } from './call-limits.ts';
import { Cancel } from './cancel.ts';
import type { Slot } from './slot.ts';

interface Call {
  cancel: AbortController;
  slot: Slot | undefined;
  failed: unknown;
  leave: () => Promise<void>;
}

/** A clock that is set by hand, and the calls that sleep on it. */
function clock() {
  const sleepers = new Set<{ at: number; wake: () => void }>();
  const time = {
    ms: 0,
    now: () => time.ms,
    sleep: ((ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason);
        const sleeper = { at: time.ms + ms, wake: resolve };
        sleepers.add(sleeper);
        signal.addEventListener('abort', () => {
          sleepers.delete(sleeper);
          reject(signal.reason);
        });
      })) as Sleep,
    async to(ms: number) {
      time.ms = ms;
      for (const sleeper of sleepers) {
        if (sleeper.at > ms) continue;
        sleepers.delete(sleeper);
        sleeper.wake();
      }
      await settled();
    },
    get sleepers() {
      return [...sleepers].map(({ at }) => at);
    },
  };
  return time;
}

const settled = () => new Promise(setImmediate);

function limits(options: ConstructorParameters<typeof CallLimits>[0]) {
  const time = clock();
  const all = new CallLimits(options, time);
  /** The calls that are running, in the order they started. */
  const inside: string[] = [];
  const enter = (name: string, model: string | undefined = 'm'): Call => {
    const cancel = new AbortController();
    const call: Call = {
      cancel,
      slot: undefined,
      failed: undefined,
      leave() {
        inside.splice(inside.indexOf(name), 1);
        call.slot?.leave();
        return settled();
      },
    };
    void Promise.resolve(all.enter(model, cancel.signal)).then(
      (slot) => {
        inside.push(name);
        call.slot = slot;
      },
      (reason) => {
        call.failed = reason;
      },
    );
    return call;
  };
  return { time, all, inside, enter };
}

describe('without limits', () => {
  test.each([{}, { concurrency: 0 }, { concurrency: -1 }])('all calls start at once: %j', async (options) => {
    const { all } = limits(options);
    const slot = all.enter('m', new Cancel());
    // Not even a promise: this runs on every call.
    expect(slot).not.toBeInstanceOf(Promise);
    (slot as Slot).answered();
    (slot as Slot).leave();
  });

  test('so do calls that run no model', () => {
    const { all } = limits({ concurrency: 1 });
    expect(all.enter(undefined, new Cancel())).not.toBeInstanceOf(Promise);
    expect(all.enter(undefined, new Cancel())).not.toBeInstanceOf(Promise);
  });
});

describe('calls of one model', () => {
  test('the first runs alone until its response begins, then as many as allowed, in order', async () => {
    const { inside, enter } = limits({ concurrency: 2 });
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => enter(name));
    await settled();
    expect(inside).toEqual(['a']);
    a?.slot?.answered();
    await settled();
    expect(inside).toEqual(['a', 'b']);
    await b?.leave();
    expect(inside).toEqual(['a', 'c']);
    await a?.leave();
    expect(inside).toEqual(['c', 'd']);
    await c?.leave();
    await d?.leave();
    enter('e');
    enter('f');
    await settled();
    expect(inside).toEqual(['e', 'f']);
  });

  test('if one fails before its response begins, the next one loads the model', async () => {
    const { inside, enter } = limits({ concurrency: 2 });
    const [a] = ['a', 'b', 'c'].map((name) => enter(name));
    await settled();
    await a?.leave();
    expect(inside).toEqual(['b']);
  });

  test('after five minutes without a response the next one runs alone again', async () => {
    const { time, inside, enter } = limits({ concurrency: 2 });
    const first = enter('a');
    await settled();
    first.slot?.answered();
    await first.leave();
    await time.to(299_999);
    const warm = ['b', 'c'].map((name) => enter(name));
    await settled();
    expect(inside).toEqual(['b', 'c']);
    for (const call of warm) await call.leave();
    await time.to(300_000);
    enter('d');
    enter('e');
    await settled();
    expect(inside).toEqual(['d']);
  });

  test('a new call does not overtake those in the queue', async () => {
    const { time, inside, enter } = limits({ concurrency: 2 });
    const first = enter('a');
    await settled();
    first.slot?.answered();
    await time.to(300_000);
    // Cold again: this one waits for the first.
    enter('b');
    await settled();
    expect(inside).toEqual(['a']);
    const left = first.leave();
    enter('c');
    await left;
    expect(inside).toEqual(['b']);
  });

  test('leaving twice frees only one slot', async () => {
    const { inside, enter } = limits({ concurrency: 1 });
    const [a] = ['a', 'b', 'c'].map((name) => enter(name));
    await settled();
    a?.slot?.leave();
    await a?.leave();
    expect(inside).toEqual(['b']);
  });

  test('a cancelled call leaves the queue, and the others keep their order', async () => {
    const { inside, enter } = limits({ concurrency: 1 });
    const [a, b] = ['a', 'b', 'c'].map((name) => enter(name));
    await settled();
    b?.cancel.abort('left');
    await settled();
    expect(b?.failed).toBe('left');
    // It is running, so no longer in the queue.
    a?.cancel.abort('late');
    await settled();
    expect(inside).toEqual(['a']);
    await a?.leave();
    expect(inside).toEqual(['c']);
  });

  test('a call that was cancelled before it came takes no slot', async () => {
    const { all, inside, enter } = limits({ concurrency: 1 });
    const cancel = new Cancel();
    cancel.abort('left');
    await expect(all.enter('m', cancel)).rejects.toBe('left');
    enter('a');
    await settled();
    expect(inside).toEqual(['a']);
  });

  test('names of the same model share a queue, other names do not', async () => {
    const { inside, enter } = limits({ concurrency: 1 });
    enter('a', 'm');
    enter('b', 'm:latest');
    enter('c', 'n');
    await settled();
    expect(inside).toEqual(['a', 'c']);
  });
});

test('only the most recently called idle models are remembered', async () => {
  const { inside, enter } = limits({ concurrency: 2 });
  const warm = async (model: string) => {
    const call = enter(model, model);
    await settled();
    call.slot?.answered();
    await call.leave();
  };
  for (let index = 0; index < 256; index++) await warm(`m${index}`);
  // Used again, so the second is the oldest now.
  await warm('m0');
  await warm('another');
  const insideOf = async (model: string) => {
    const calls = ['a', 'b'].map((name) => enter(name, model));
    await settled();
    const count = inside.length;
    for (const call of calls) if (call.slot) await call.leave();
    return count;
  };
  expect(await insideOf('m0')).toBe(2);
  expect(await insideOf('m2')).toBe(2);
  // Forgotten: the next call runs alone.
  expect(await insideOf('m1')).toBe(1);
  // m4 took the place of m3.
  await warm('one more');
  expect(await insideOf('m5')).toBe(2);
  expect(await insideOf('m4')).toBe(1);
});

test('a model with a running call is not forgotten', async () => {
  const { inside, enter } = limits({ concurrency: 2 });
  const [a, b] = ['a', 'b', 'c', 'd'].map((name) => enter(name, 'held'));
  await settled();
  a?.slot?.answered();
  await settled();
  await b?.leave();
  for (let index = 0; index < 300; index++) {
    const other = enter('other', `m${index}`);
    await settled();
    await other.leave();
  }
  enter('e', 'held');
  await settled();
  expect(inside).toEqual(['a', 'c']);
});

describe('a limit of calls per period', () => {
  const rateLimit = { calls: 2, periodMs: 100 };

  test('later calls wait for its end, in order, whatever their model', async () => {
    const { time, inside, enter } = limits({ rateLimit });
    enter('a');
    await settled();
    await time.to(40);
    for (const name of ['b', 'c', 'd', 'e']) enter(name, name === 'c' ? undefined : 'm');
    await settled();
    expect(inside).toEqual(['a', 'b']);
    expect(time.sleepers).toEqual([100]);
    await time.to(100);
    expect(inside).toEqual(['a', 'b', 'c']);
    await time.to(140);
    expect(inside).toEqual(['a', 'b', 'c', 'd']);
    await time.to(200);
    expect(inside).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  test('a call that is cancelled while it waits counts for nothing, and those behind it move up', async () => {
    const { time, inside, enter } = limits({ rateLimit });
    const [, , c, d] = ['a', 'b', 'c', 'd', 'e'].map((name) => enter(name));
    await settled();
    expect(inside).toEqual(['a', 'b']);
    await time.to(50);
    d?.cancel.abort('left');
    await settled();
    expect(d?.failed).toBe('left');
    c?.cancel.abort('left too');
    await settled();
    expect(c?.failed).toBe('left too');
    expect(time.sleepers).toEqual([100]);
    await time.to(100);
    expect(inside).toEqual(['a', 'b', 'e']);
    enter('f');
    await settled();
    expect(inside).toEqual(['a', 'b', 'e', 'f']);
  });

  test('a call that is cancelled while it waits frees its slot at the model', async () => {
    const { time, inside, enter } = limits({ rateLimit: { calls: 1, periodMs: 100 }, concurrency: 1 });
    const a = enter('a');
    await settled();
    await a.leave();
    const b = enter('b');
    enter('c');
    await settled();
    b.cancel.abort('left');
    await settled();
    await time.to(100);
    expect(inside).toEqual(['c']);
  });
});
