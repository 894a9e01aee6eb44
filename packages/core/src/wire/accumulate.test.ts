import { expect, test } from 'vitest';
import { accumulateChat, accumulateGenerate, accumulateProgress } from './accumulate.ts';

const call = (name: string) => ({ function: { name, arguments: {} } });
const whole = (accumulator: { add(line: never): void; answer(): unknown }, lines: readonly object[]): unknown => {
  for (const line of lines) accumulator.add(line as never);
  return accumulator.answer();
};

test('before the first line there is no answer', () => {
  expect([accumulateChat(), accumulateGenerate(), accumulateProgress()].map((all) => all.answer())).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

test('a chat has the text, thinking, calls and logprobs of all lines, and everything else from the last', () => {
  expect(
    whole(accumulateChat(), [
      { model: 'a', message: { role: 'assistant', content: 'He', thinking: 'H' }, logprobs: [1] },
      { model: 'a', message: { role: 'assistant', thinking: 'm', tool_calls: [call('f')] }, logprobs: [] },
      { model: 'a', message: null },
      { model: 'a', message: { role: 'assistant', content: 'llo', tool_calls: [call('g')] }, logprobs: [2] },
      { model: 'b', message: { role: 'assistant', content: '', tool_calls: null }, done: true },
    ]),
  ).toEqual({
    model: 'b',
    message: { role: 'assistant', content: 'Hello', thinking: 'Hm', tool_calls: [call('f'), call('g')] },
    logprobs: [1, 2],
    done: true,
  });
});

test('a field that no line had is not in the answer', () => {
  expect(whole(accumulateChat(), [{ message: { content: 'x', tool_calls: [] }, logprobs: null }])).toEqual({
    message: { content: 'x', tool_calls: [] },
    logprobs: null,
  });
  expect(whole(accumulateGenerate(), [{ response: 'x' }, { done: true }])).toEqual({ response: 'x', done: true });
});

test('a generated text is joined from its lines', () => {
  const accumulator = accumulateGenerate();
  expect(
    whole(accumulator, [
      { response: 'He', thinking: 'H' },
      { response: 'llo', thinking: 'm', done: true },
    ]),
  ).toEqual({
    response: 'Hello',
    thinking: 'Hm',
    done: true,
  });
  expect(accumulator.isLast({ done: true } as never)).toBe(true);
  expect(accumulator.isLast({ done: 'true' } as never)).toBe(false);
});

test('for progress, only the last line counts', () => {
  const accumulator = accumulateProgress();
  expect(whole(accumulator, [{ status: 'a', completed: 1 }, { status: 'success' }])).toEqual({ status: 'success' });
  expect(accumulator.isLast({ status: 'success' })).toBe(true);
  expect(accumulator.isLast({ status: 'done' })).toBe(false);
});
