import { runParallel } from '@ollama-toolbelt/core/neutral';
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { sleep } from '../shared/n8n-transport.ts';
import { options } from '../shared/option-table.ts';
import { checkedValue } from '../shared/parameter.ts';

export interface Batching {
  concurrency: number;
  pauseMs: number;
}

/** The Batching option; one item at a time if the operation does not have it or it was not added. */
export function batchingOf(context: IExecuteFunctions): Batching {
  const added = context.getNodeParameter(PATH, 0, {}) as IDataObject;
  const fieldValue = (field: string, without: number): number => {
    const property = fields.find(({ name }) => name === field);
    if (property === undefined || !(field in added)) return without;
    return checkedValue(context, 0, property, added[field], `${PATH}.${field}`) as number;
  };
  return { concurrency: fieldValue('concurrency', 1), pauseMs: fieldValue('pauseSeconds', 0) * 1000 };
}

const PATH = 'options.batching.values';
const fields = (options['batching']?.property.options ?? []).flatMap((option) =>
  'values' in option ? option.values : [],
);

/**
 * Processes `count` items, `concurrency` at a time, with a pause before each further one. The results are in the order
 * of the items. The first failure stops the others, and is thrown after all have ended.
 */
export function runInOrder<Result>(
  count: number,
  { concurrency, pauseMs }: Batching,
  cancel: AbortSignal | undefined,
  work: (index: number, signal: AbortSignal) => Promise<Result>,
): Promise<Result[]> {
  return runParallel(Array(count).keys(), concurrency, cancel, async (index, signal) => {
    // An abort ends the pause; the next request then reports it.
    if (index >= concurrency && pauseMs > 0) await sleep(pauseMs, signal).catch(() => undefined);
    return work(index, signal);
  });
}
