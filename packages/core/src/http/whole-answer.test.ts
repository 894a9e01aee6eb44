import { expect, test } from 'vitest';
import { OllamaStream } from './stream.ts';
import { wholeAnswer } from './whole-answer.ts';

/** A stream of these batches, whose answer is its last text. */
function streamOf(...batches: string[][]) {
  const seen = { isLeft: false };
  let last: string | undefined;
  const stream = new OllamaStream<string, string>({
    accumulator: {
      add: (text) => {
        last = text;
      },
      answer: () => last,
      isLast: (text) => text === 'end',
    },
    async *open() {
      try {
        yield* batches;
      } finally {
        seen.isLeft = true;
      }
    },
    finish: (text) => `the whole: ${text}`,
  });
  return { stream, seen };
}

test('the whole answer comes with or without somebody who hears of its lines', async () => {
  expect(await wholeAnswer(streamOf(['a'], ['b', 'end']).stream)).toBe('the whole: end');
  const heard: string[] = [];
  const { stream } = streamOf(['a'], ['b', 'end']);
  expect(await wholeAnswer(stream, (line) => heard.push(line))).toBe('the whole: end');
  expect(heard).toEqual(['a', 'b', 'end']);
});

test('somebody who throws ends it', async () => {
  const { stream, seen } = streamOf(['a'], ['end']);
  const broken = wholeAnswer(stream, () => {
    throw new RangeError('no');
  });
  await expect(broken).rejects.toMatchObject({
    code: 'hook_failed',
    message: expect.stringContaining('onProgress'),
    cause: new RangeError('no'),
  });
  expect(seen.isLeft).toBe(true);
});

test('somebody who rejects ends it, with the first reason', async () => {
  const { stream } = streamOf(['a', 'b'], ['c'], ['d'], ['end']);
  const broken = wholeAnswer(stream, (line) => Promise.reject(new RangeError(line)));
  await expect(broken).rejects.toMatchObject({ code: 'hook_failed', cause: new RangeError('a') });
});
