import { expect, test } from 'vitest';
import { usageOf } from './usage.ts';

test('counts, milliseconds and tokens per second of an answer', () => {
  const answer = {
    prompt_eval_count: 7,
    eval_count: 3,
    eval_duration: 20_000_000,
    load_duration: 1_400_000,
    total_duration: 30_000_000,
  };
  expect(usageOf(answer)).toEqual({
    prompt_tokens: 7,
    answer_tokens: 3,
    tokens_per_second: 150,
    load_ms: 1,
    total_ms: 30,
  });
});

test('missing fields and 0 are left out', () => {
  expect(usageOf({ prompt_eval_count: 0, eval_count: 3 })).toEqual({ answer_tokens: 3 });
  expect(usageOf({})).toEqual({});
});
