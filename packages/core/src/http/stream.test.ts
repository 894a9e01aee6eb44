import { expect, test } from 'vitest';
import { OllamaAbortError, OllamaStreamError } from '../errors/errors.ts';
import { OllamaStream } from './stream.ts';

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
