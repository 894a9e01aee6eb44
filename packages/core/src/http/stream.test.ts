import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { OllamaAbortError, OllamaStreamError } from '../errors/errors.ts';
import { batchesOf, OllamaStream } from './stream.ts';

interface Line {
  text: string;
  done: boolean;
}

const line = (text: string, done = false): Line => ({ text, done });

/** A stream whose batches the test supplies one by one. */
function byHand() {
  const batches: (readonly Line[])[] = [];
  let failure: Error | undefined;
  let over = false;
  let wake = () => {};
  let answer: Line | undefined;
  let adds = 0;
  const stream = new OllamaStream<Line, string>({
    accumulator: {
      add: ({ text, done }) => {
        adds += 1;
        answer = line((answer?.text ?? '') + text, done);
      },
      answer: () => answer,
      isLast: ({ done }) => done,
    },
    async *open(left) {
      left.addEventListener('abort', () => wake());
      for (;;) {
        const batch = batches.shift();
        if (batch) yield batch;
        else if (failure) throw failure;
        else if (over || left.aborted) return;
        else await new Promise<void>((resolve) => (wake = resolve));
      }
    },
    finish: ({ text }) => `the whole: ${text}`,
  });
  return {
    stream,
    give: (...batch: Line[]) => {
      batches.push(batch);
      wake();
    },
    fail: (error: Error) => {
      failure = error;
      wake();
    },
    end: () => {
      over = true;
      wake();
    },
    adds: () => adds,
  };
}

async function textsOf(stream: AsyncIterable<Line>, seen: string[] = []): Promise<string[]> {
  for await (const { text } of stream) seen.push(text);
  return seen;
}

test('partial adds up only the chunks that were read, even if more have arrived', async () => {
  const { stream, give } = byHand();
  expect(stream.partial).toBeUndefined();
  give(line('a'), line('b'), line('c'));
  await stream.next();
  expect(stream.partial).toEqual(line('a'));
  await stream.next();
  expect(stream.partial).toEqual(line('ab'));
});

test('result reads the complete answer by itself', async () => {
  const { stream, give, end } = byHand();
  const result = stream.result();
  give(line('a'), line('b'));
  give(line('c', true));
  end();
  expect(await result).toBe('the whole: abc');
  expect(stream.partial).toEqual(line('abc', true));
  expect(stream.result()).toBe(stream.result());
});

test('result after part of the loop, or after all of it, adds no line twice', async () => {
  const { stream, give, end, adds } = byHand();
  give(line('a'), line('b'));
  give(line('c', true));
  end();
  await stream.next();
  expect(await stream.result()).toBe('the whole: abc');
  expect(await textsOf(stream)).toEqual(['b', 'c']);
  expect(await stream.result()).toBe('the whole: abc');
  expect(adds()).toBe(3);
});

test('a loop gets every chunk as it arrives, even if result was called before', async () => {
  const { stream, give, end } = byHand();
  const result = stream.result();
  const seen: string[] = [];
  const loop = textsOf(stream, seen);
  give(line('a'), line('b'));
  await expect.poll(() => seen).toEqual(['a', 'b']);
  give(line('c'));
  await expect.poll(() => seen).toEqual(['a', 'b', 'c']);
  give(line('d', true));
  end();
  expect(await result).toBe('the whole: abcd');
  expect(await loop).toEqual(['a', 'b', 'c', 'd']);
});

test('calls of next that do not wait for one another resolve in order', async () => {
  const { stream, give, end } = byHand();
  const calls = [stream.next(), stream.next(), stream.next(), stream.next()];
  give(line('a'));
  give(line('b'), line('c', true));
  end();
  const results = await Promise.all(calls);
  expect(results.map(({ value }) => value?.text)).toEqual(['a', 'b', 'c', undefined]);
});

test('both the loop and result fail with the error of the stream', async () => {
  const { stream, give, fail } = byHand();
  const result = stream.result();
  const loop = textsOf(stream);
  give(line('a'));
  fail(new OllamaStreamError('broken', { code: 'truncated' }));
  await expect(result).rejects.toThrow('broken');
  await expect(loop).rejects.toThrow('broken');
  expect(await stream.next()).toEqual({ done: true, value: undefined });
  expect(stream.partial).toEqual(line('a'));
});

test('a failure that result saw first still reaches a loop that begins later', async () => {
  const { stream, give, fail } = byHand();
  give(line('a'));
  fail(new OllamaStreamError('broken', { code: 'truncated' }));
  await expect(stream.result()).rejects.toThrow('broken');
  expect(await stream.next()).toEqual({ done: false, value: line('a') });
  await expect(stream.next()).rejects.toThrow('broken');
});

test('a stream that was left early has a partial answer, but no complete one', async () => {
  const { stream, give } = byHand();
  give(line('a'), line('b'));
  for await (const _ of stream) break;
  const error = await stream.result().catch((error: unknown) => error);
  expect(error).toBeInstanceOf(OllamaAbortError);
  expect(error).toMatchObject({ code: 'aborted', partial: line('a') });
  expect(await stream.next()).toEqual({ done: true, value: undefined });
});

test('leaving the stream ends a pending result', async () => {
  const { stream, give } = byHand();
  const result = stream.result();
  give(line('a'));
  await stream.return();
  await expect(result).rejects.toMatchObject({ code: 'aborted' });
});

test('a loop that stops at the last chunk has the complete answer', async () => {
  const { stream, give } = byHand();
  give(line('a'), line('b', true));
  for await (const { done } of stream) if (done) break;
  expect(await stream.result()).toBe('the whole: ab');
});

test('anything the source or its reader throws becomes an OllamaError', async () => {
  const { stream, give, fail } = byHand();
  give(line('a'));
  fail(new RangeError('a bug'));
  await expect(stream.result()).rejects.toMatchObject({ code: 'bad_line', cause: expect.any(RangeError) });

  const accumulator = {
    add: () => {
      throw new RangeError('a bug');
    },
    answer: () => undefined,
    isLast: () => false,
  };
  let isLeft = false;
  const broken = new OllamaStream<Line, string>({
    accumulator,
    open: async function* () {
      try {
        yield [line('a')];
        yield [line('b')];
      } finally {
        isLeft = true;
      }
    },
    finish: () => '',
  });
  expect(await broken.next()).toEqual({ done: false, value: line('a') });
  await expect(broken.next()).rejects.toMatchObject({ code: 'bad_line', cause: expect.any(RangeError) });
  expect(isLeft).toBe(true);
});

test('a stream that ends before its last line has no complete answer', async () => {
  const { stream, give, end } = byHand();
  give(line('a'));
  end();
  await expect(stream.result()).rejects.toMatchObject({
    code: 'aborted',
    message: 'The stream was closed before the answer was complete.',
    partial: line('a'),
  });
  const empty = byHand();
  empty.end();
  await expect(empty.stream.result()).rejects.toMatchObject({ code: 'aborted' });
});

test('lines that were not read are gone once the stream is left', async () => {
  const { stream, give, adds } = byHand();
  give(line('a'), line('b'), line('c', true));
  await stream.next();
  expect(await stream.return()).toEqual({ done: true, value: undefined });
  expect(await stream.next()).toEqual({ done: true, value: undefined });
  await expect(stream.result()).rejects.toMatchObject({ code: 'aborted', partial: line('a') });
  expect(adds()).toBe(1);
});

test('leaving the stream ends pending calls of next', async () => {
  const { stream } = byHand();
  const calls = [stream.next(), stream.next()];
  await stream.return();
  expect(await Promise.all(calls)).toEqual([
    { done: true, value: undefined },
    { done: true, value: undefined },
  ]);
});

test('a stream in `await using` is left at the end of its block', async () => {
  const { stream, give } = byHand();
  give(line('a'), line('b'));
  {
    await using read = stream;
    await read.next();
  }
  expect(await stream.next()).toEqual({ done: true, value: undefined });
});

test('of several pending calls of next, the first gets the failure', async () => {
  const { stream, fail } = byHand();
  const calls = [stream.next(), stream.next()];
  fail(new OllamaStreamError('broken', { code: 'truncated' }));
  const [first, second] = await Promise.allSettled(calls);
  expect(first).toMatchObject({ status: 'rejected', reason: { message: 'broken' } });
  expect(second).toEqual({ status: 'fulfilled', value: { done: true, value: undefined } });
});

test('a failure is not told to who has left', async () => {
  const { stream, give, fail } = byHand();
  give(line('a'));
  fail(new OllamaStreamError('broken', { code: 'truncated' }));
  await expect(stream.result()).rejects.toThrow('broken');
  await stream.return();
  expect(await stream.next()).toEqual({ done: true, value: undefined });
});

/** A stream of one batch, whose source then does what the test says when it is asked for more, and when it is left. */
function withSource(
  first: readonly Line[],
  more: () => Promise<IteratorResult<readonly Line[], void>>,
  left = async () => {},
) {
  let asked = 0;
  let text = '';
  return new OllamaStream<Line, string>({
    accumulator: {
      add: (added) => {
        if (added.text === 'bad') throw new RangeError('a bug');
        text += added.text;
      },
      answer: () => line(text),
      isLast: ({ done }) => done,
    },
    open: () => ({
      next: async () => {
        asked += 1;
        return asked === 1 ? { done: false, value: first } : more();
      },
      return: left,
    }),
    finish: (answer) => answer.text,
  });
}

test('a source is asked for more only while somebody waits, and not after it failed', async () => {
  const asked: (() => Promise<IteratorResult<readonly Line[], void>>)[] = [
    async () => ({ done: false, value: [line('b')] }),
    () => Promise.reject(new OllamaStreamError('broken', { code: 'truncated' })),
    async () => ({ done: false, value: [line('late')] }),
  ];
  let count = 0;
  const stream = withSource([line('a')], async () => {
    count += 1;
    return asked.shift()?.() ?? new Promise(() => {});
  });
  await stream.next();
  await setImmediate();
  expect(count).toBe(0);
  expect((await stream.next()).value).toEqual(line('b'));
  await setImmediate();
  expect(count).toBe(1);
  await expect(stream.next()).rejects.toThrow('broken');
  expect(await stream.next()).toEqual({ done: true, value: undefined });
  expect(count).toBe(2);
});

test.each([
  ['gives', async () => ({ done: false as const, value: [line('late')] })],
  ['fails with', () => Promise.reject(new RangeError('late'))],
])('what a source %s after the stream is left counts for nothing', async (_, late) => {
  let wake = () => {};
  const stream = withSource([line('a')], async () => {
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
    return late();
  });
  await stream.next();
  const pending = stream.next();
  await stream.return();
  expect(await pending).toEqual({ done: true, value: undefined });
  wake();
  await setImmediate();
  expect(await stream.next()).toEqual({ done: true, value: undefined });
  await expect(stream.result()).rejects.toMatchObject({ code: 'aborted', partial: line('a') });
});

test('a line that cannot be added is the last one, and ends the stream even if that fails', async () => {
  const stream = withSource(
    [line('a'), line('bad'), line('c')],
    () => new Promise(() => {}),
    () => Promise.reject(new RangeError('cannot end')),
  );
  expect((await stream.next()).value).toEqual(line('a'));
  expect((await stream.next()).value).toEqual(line('bad'));
  await expect(stream.next()).rejects.toMatchObject({ code: 'bad_line', cause: new RangeError('a bug') });
  expect(await stream.next()).toEqual({ done: true, value: undefined });
  await expect(stream.result()).rejects.toMatchObject({ cause: new RangeError('a bug') });
});

test('an answer that cannot be finished fails with an OllamaError', async () => {
  const finishing = (error: Error) =>
    new OllamaStream<Line, string>({
      accumulator: { add: () => {}, answer: () => line('a', true), isLast: ({ done }) => done },
      async *open() {
        yield [line('a', true)];
      },
      finish: () => {
        throw error;
      },
    }).result();
  await expect(finishing(new RangeError('odd'))).rejects.toMatchObject({
    code: 'bad_line',
    cause: new RangeError('odd'),
  });
  const known = new OllamaStreamError('known', { code: 'bad_output' });
  await expect(finishing(known)).rejects.toBe(known);
});

describe('in batches', () => {
  const readAll = async (stream: OllamaStream<Line, string>) => {
    const seen: string[][] = [];
    for await (const lines of batchesOf(stream)) seen.push(lines.map(({ text }) => text));
    return seen;
  };

  test('all lines come that have arrived', async () => {
    const { stream, give, end, adds } = byHand();
    give(line('a'), line('b'));
    give(line('c', true));
    end();
    expect(await readAll(stream)).toEqual([['a', 'b'], ['c']]);
    expect(await stream.result()).toBe('the whole: abc');
    expect(adds()).toBe(3);
  });

  test('the first has the lines that were not read yet', async () => {
    const { stream, give, end, adds } = byHand();
    give(line('a'), line('b'), line('c'));
    give(line('d', true));
    end();
    await stream.next();
    const iterator = batchesOf(stream)[Symbol.asyncIterator]();
    expect((await iterator.next()).value).toEqual([line('b'), line('c')]);
    expect(stream.partial).toEqual(line('abc'));
    expect((await iterator.next()).value).toEqual([line('d', true)]);
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
    expect(adds()).toBe(4);
  });

  test('lines that result has added up are not added again', async () => {
    const { stream, give, end, adds } = byHand();
    give(line('a'), line('b', true));
    end();
    expect(await stream.result()).toBe('the whole: ab');
    expect(await readAll(stream)).toEqual([['a', 'b']]);
    expect(adds()).toBe(2);
  });

  test('a failure comes after the lines before it', async () => {
    const { stream, give, fail } = byHand();
    give(line('a'));
    fail(new OllamaStreamError('broken', { code: 'truncated' }));
    const iterator = batchesOf(stream)[Symbol.asyncIterator]();
    expect((await iterator.next()).value).toEqual([line('a')]);
    await expect(iterator.next()).rejects.toThrow('broken');
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
  });

  test('leaving the loop leaves the stream', async () => {
    const { stream, give } = byHand();
    give(line('a'));
    give(line('b', true));
    for await (const _ of batchesOf(stream)) break;
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });
});
