import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { ProgressResponse } from '../schemas/interfaces.ts';
import { accumulateProgress } from '../wire/accumulate.ts';
import { routes } from '../wire/routes.ts';
import { AnswerLines } from './answer-lines.ts';
import { Cancel } from './cancel.ts';
import { createClientContext } from './create-context.ts';
import type { Outgoing } from './exchange.ts';

const pull: Outgoing = { route: routes.pull, model: 'm', body: '{}' };
const at = (status: string): ProgressResponse => ({ status });
const text = (...lines: unknown[]) => lines.map((line) => `${JSON.stringify(line)}\n`).join('');

/** Reads a body of these texts, one a piece; `waits` for one that never ends. */
function read(pieces: readonly (string | 'waits')[], status = 200, prepare = () => pull) {
  const seen = { prepared: 0, isLeft: false, reason: undefined as unknown };
  async function* body() {
    try {
      for (const piece of pieces) {
        if (piece === 'waits') await new Promise(() => {});
        yield new TextEncoder().encode(piece);
      }
    } finally {
      seen.isLeft = true;
    }
  }
  const client = createClientContext({
    transport: async (_, signal) => {
      signal.addEventListener('abort', () => {
        seen.reason = signal.reason;
      });
      return { status, headers: { 'content-type': 'application/x-ndjson' }, body: body() };
    },
    sleep: (_, signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    now: () => 0,
    retry: false,
  });
  const accumulator = accumulateProgress();
  const left = new Cancel();
  const prepared = () => {
    seen.prepared += 1;
    return prepare();
  };
  const lines = new AnswerLines<ProgressResponse>(client, prepared, accumulator, {}, left);
  /** The next lines, which the reader adds up. */
  const next = async () => {
    const { done, value } = await lines.next();
    for (const line of value ?? []) accumulator.add(line);
    return done ? 'over' : value;
  };
  return { client, lines, next, left, seen };
}

test('a batch has the whole lines of one piece', async () => {
  const { next, seen } = read([text(at('a'), at('b')), '{"sta', text(at('c')).slice(5), text(at('success'))]);
  expect(await next()).toEqual([at('a'), at('b')]);
  expect(await next()).toEqual([at('c')]);
  expect(await next()).toEqual([at('success')]);
  expect(seen).toMatchObject({ isLeft: false });
  expect(await next()).toBe('over');
  expect(await next()).toBe('over');
  // Its connection can be used again.
  expect(seen).toMatchObject({ isLeft: true, prepared: 1, reason: undefined });
});

test('nothing follows the last line', async () => {
  const { next } = read([text(at('success'), at('more'))]);
  expect(await next()).toEqual([at('success')]);
  expect(await next()).toBe('over');
});

test('the last line needs no line break', async () => {
  const { next } = read([text(at('a')), text(at('success')).trim()]);
  expect(await next()).toEqual([at('a')]);
  expect(await next()).toEqual([at('success')]);
  expect(await next()).toBe('over');
});

test('a loop reads all of it', async () => {
  const seen: unknown[] = [];
  for await (const batch of read([text(at('a')), text(at('success'))]).lines) seen.push(...batch);
  expect(seen).toEqual([at('a'), at('success')]);
});

describe('a failure', () => {
  test('comes after the good lines of its piece, with what had arrived', async () => {
    const { next, seen } = read([`${text(at('a'), at('b'))}nonsense\n${text(at('c'))}`]);
    expect(await next()).toEqual([at('a'), at('b')]);
    await expect(next()).rejects.toMatchObject({ code: 'bad_line', line: 3, partial: at('b') });
    expect(seen).toMatchObject({ isLeft: true, reason: 'left' });
    expect(await next()).toBe('over');
  });

  test('comes at once if there is none', async () => {
    const { next } = read(['nonsense\n', text(at('success'))]);
    await expect(next()).rejects.toMatchObject({ code: 'bad_line', line: 1, partial: undefined });
    expect(await next()).toBe('over');
  });

  test('is an end before the last line', async () => {
    const { next } = read([text(at('a'))]);
    expect(await next()).toEqual([at('a')]);
    await expect(next()).rejects.toMatchObject({ code: 'truncated', partial: at('a') });
    await expect(read([]).next()).rejects.toMatchObject({ code: 'truncated' });
  });

  test('is an end before the last line, in the piece of a line too', async () => {
    const { next } = read([text(at('a')).trim()]);
    expect(await next()).toEqual([at('a')]);
    await expect(next()).rejects.toMatchObject({ code: 'truncated', partial: at('a') });
    expect(await next()).toBe('over');
  });

  test('is completed with what is known of the call', async () => {
    const { client, next } = read([text(at('a')), 'nonsense\n']);
    const signals: unknown[] = [];
    client.failures = {
      ...client.failures,
      complete: async (_error, _client, _call, signalOf) => {
        signals.push(signalOf());
        return new RangeError('completed');
      },
    };
    await next();
    const error: unknown = await next().catch((thrown: unknown) => thrown);
    expect(error).toEqual(new RangeError('completed'));
    expect(error).not.toHaveProperty('partial');
    expect(signals).toEqual([expect.any(AbortSignal)]);
  });

  test('is an error response', async () => {
    const { next, seen } = read(['{"error":"boom"}'], 500);
    await expect(next()).rejects.toMatchObject({ status: 500, message: expect.stringContaining('boom') });
    expect(seen.isLeft).toBe(true);
    expect(await next()).toBe('over');
  });

  test('is a request that cannot be written', async () => {
    const { next, seen } = read([], 200, () => {
      throw new RangeError('no');
    });
    await expect(next()).rejects.toThrow('no');
    expect(await next()).toBe('over');
    expect(seen.prepared).toBe(1);
  });
});

describe('who leaves', () => {
  test('before the first line sends nothing', async () => {
    const { lines, next, seen } = read([text(at('success'))]);
    expect(await lines.return()).toEqual({ done: true, value: undefined });
    expect(await next()).toBe('over');
    expect(seen.prepared).toBe(0);
  });

  test('between two lines closes the connection', async () => {
    const { lines, next, seen } = read([text(at('a')), 'waits']);
    await next();
    await lines.return();
    expect(seen).toMatchObject({ isLeft: true, reason: 'left' });
    expect(await next()).toBe('over');
  });

  test('while a line is awaited closes the connection', async () => {
    const { next, left, seen } = read([text(at('a')), 'waits']);
    await next();
    const waiting = next();
    await setImmediate();
    left.abort('left');
    await expect(waiting).rejects.toMatchObject({ partial: at('a') });
    expect(seen.reason).toBe('left');
  });

  test('after the last line keeps the connection', async () => {
    const { lines, next, left, seen } = read([text(at('success'))]);
    await next();
    left.abort('left');
    expect(seen.reason).toBeUndefined();
    await lines.return();
    expect(seen).toMatchObject({ isLeft: true, reason: undefined });
  });
});
