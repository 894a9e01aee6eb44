import type { ChatResponse } from '../schemas/interfaces.ts';

/** What an answer cost, in units for people. */
export interface Usage {
  prompt_tokens?: number;
  answer_tokens?: number;
  tokens_per_second?: number;
  load_ms?: number;
  total_ms?: number;
}

type Metrics = {
  [Name in
    | 'prompt_eval_count'
    | 'eval_count'
    | 'eval_duration'
    | 'load_duration'
    | 'total_duration']?: ChatResponse[Name];
};

/**
 * The counts and times of an answer of chat, generate or embed. The server omits fields that are 0, and so does this.
 *
 * @example
 * ```ts
 * import { usageOf } from '@ollama-toolbelt/core/node';
 *
 * const usage = usageOf(await ollama.generate({ model: 'llama3.2', prompt: 'What is Docker?' }));
 * console.log(usage.prompt_tokens, usage.answer_tokens, usage.tokens_per_second); // …
 * ```
 */
export function usageOf(answer: Metrics): Usage {
  const perNanosecond = Number(answer.eval_count) / (answer.eval_duration || Number.NaN);
  const usage: { [Name in keyof Usage]-?: number | undefined } = {
    prompt_tokens: answer.prompt_eval_count,
    answer_tokens: answer.eval_count,
    tokens_per_second: Math.round(perNanosecond * 1e10) / 10,
    load_ms: milliseconds(answer.load_duration),
    total_ms: milliseconds(answer.total_duration),
  };
  // A missing count is NaN here.
  return Object.fromEntries(Object.entries(usage).filter(([, value]) => value));
}

const milliseconds = (nanoseconds: number | undefined) => Math.round(Number(nanoseconds) / 1e6);
