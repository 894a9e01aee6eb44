import { runParallel } from '@ollama-toolbelt/core/neutral';
import type { IExecuteFunctions } from 'n8n-workflow';
import { sleep } from '../shared/n8n-transport.ts';

export interface Batching {
  concurrency: number;
  pauseMs: number;
}

/** The option Batching; one item at a time if the operation has none or it was not added. */
export function batchingOf(context: IExecuteFunctions): Batching {
  const { concurrency, pauseSeconds } = context.getNodeParameter('options.batching.values', 0, {}) as {
    concurrency?: unknown;
    pauseSeconds?: unknown;
  };
  return { concurrency: atLeast(1, concurrency), pauseMs: atLeast(0, Number(pauseSeconds) * 1000) };
}

const atLeast = (least: number, value: unknown) => Math.max(least, Math.floor(Number(value)) || 0);

/**
 * Works on `count` items, `concurrency` at a time, with a pause before each further one. The results are in the order of
 * the items. The first failure stops the others, and is thrown when all have ended.
 */
export function runInOrder<Result>(
  count: number,
  { concurrency, pauseMs }: Batching,
  cancel: AbortSignal | undefined,
  work: (index: number, signal: AbortSignal) => Promise<Result>,
): Promise<Result[]> {
  return runParallel(Array(count).keys(), concurrency, cancel, async (index, signal) => {
    // An abort ends the pause; the request that follows then says what happened.
    if (index >= concurrency && pauseMs > 0) await sleep(pauseMs, signal).catch(() => undefined);
    return work(index, signal);
  });
}
