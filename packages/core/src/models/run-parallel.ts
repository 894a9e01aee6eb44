/**
 * Works on all items, at most `limit` at a time. The first failure aborts the others; it is thrown when all have ended, so
 * that nothing goes on behind the caller's back.
 */
export async function runParallel<Item>(
  items: readonly Item[],
  limit: number,
  signal: AbortSignal,
  work: (item: Item, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const failed = new AbortController();
  const ended = AbortSignal.any([signal, failed.signal]);
  const failures: unknown[] = [];
  const queue = items.values();
  const worker = async () => {
    for (const item of queue) {
      if (ended.aborted) return;
      try {
        await work(item, ended);
      } catch (error) {
        failures.push(error);
        failed.abort();
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  if (failures.length > 0) throw failures[0];
  signal.throwIfAborted();
}
