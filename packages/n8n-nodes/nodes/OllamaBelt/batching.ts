import type { IExecuteFunctions } from 'n8n-workflow';
import { sleep } from '../shared/n8n-transport.ts';

export interface Batching {
  concurrency: number;
  pauseMs: number;
}

/** The option Batching; one item at a time if the operation has none or it was not added. */
export function batchingOf(context: IExecuteFunctions): Batching {
  const { concurrency, pauseMs } = context.getNodeParameter('options.batching.values', 0, {}) as Partial<Batching>;
  return { concurrency: atLeast(1, concurrency), pauseMs: atLeast(0, pauseMs) };
}

const atLeast = (least: number, value: unknown) => Math.max(least, Math.floor(Number(value)) || 0);

/**
 * Works on `count` items, at most `concurrency` at a time; the results come in the order of the items. The first failure
 * stops the others, and is thrown when all have ended.
 */
export async function runInOrder<Result>(
  count: number,
  { concurrency, pauseMs }: Batching,
  cancel: AbortSignal | undefined,
  work: (index: number, signal: AbortSignal) => Promise<Result>,
): Promise<Result[]> {
  const failed = new AbortController();
  const signal = cancel ? AbortSignal.any([cancel, failed.signal]) : failed.signal;
  const results: Result[] = [];
  const failures: unknown[] = [];
  const queue = Array.from({ length: count }, (_, index) => index).values();
  const worker = async () => {
    try {
      let isFirst = true;
      for (const index of queue) {
        // An abort ends the pause; the request that follows then says what happened.
        if (!isFirst && pauseMs > 0) await sleep(pauseMs, signal).catch(() => undefined);
        isFirst = false;
        if (failures.length > 0) return;
        results[index] = await work(index, signal);
      }
    } catch (error) {
      failures.push(error);
      failed.abort();
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, count) }, worker));
  if (failures.length > 0) throw failures[0];
  return results;
}
