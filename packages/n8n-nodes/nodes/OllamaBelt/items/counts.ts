import type { ChatResponse } from '@ollama-toolbelt/core';
import type { IDataObject } from 'n8n-workflow';
import { defined } from '../../shared/json.ts';

const names = [
  'total_duration',
  'load_duration',
  'prompt_eval_count',
  'prompt_eval_duration',
  'eval_count',
  'eval_duration',
] as const;

/** What the last line of an answer counts. */
export type Counts = Pick<Partial<ChatResponse>, (typeof names)[number]>;

/** Adds what a line of an answer counts. If tools are run, the last line of each round has counts. */
export function addCounts(total: Counts, line: Counts): void {
  for (const name of names) {
    const count = line[name];
    if (count !== undefined) total[name] = (total[name] ?? 0) + count;
  }
}

/** Counts and times in units for people; the server counts nanoseconds, and leaves out what is 0. */
export function usageOf(answer: Counts): IDataObject {
  const { eval_count: tokens, eval_duration: nanoseconds } = answer;
  return defined({
    prompt_tokens: answer.prompt_eval_count,
    answer_tokens: tokens,
    tokens_per_second: tokens && nanoseconds ? Math.round((tokens / nanoseconds) * 1e10) / 10 : undefined,
    load_ms: milliseconds(answer.load_duration),
    total_ms: milliseconds(answer.total_duration),
  });
}

const milliseconds = (nanoseconds: number | undefined) =>
  nanoseconds === undefined ? undefined : Math.round(nanoseconds / 1e6);
