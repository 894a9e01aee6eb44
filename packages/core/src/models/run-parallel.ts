import { linkSignals, throwIfAborted } from '../http/abort-signals.ts';

/**
 * Processes all items, at most `limit` at a time (0: all at once), and returns the results in the order of the items.
 * The first failure aborts the others; it is thrown after all have ended, so nothing keeps running in the background.
 *
 * @example
 * ```ts
 * import { runParallel } from '@ollama-toolbelt/core/node';
 *
 * const topics = ['Docker', 'Python', 'Go'];
 * const answers = await runParallel(topics, 2, undefined, (topic, signal) =>
 *   ollama.generate({ model: 'llama3.2', prompt: `What is ${topic}?` }, { signal }),
 * );
 * console.log(answers.length); // 3
 * ```
 */
export async function runParallel<Item, Result>(
  items: Iterable<Item>,
  limit: number,
  signal: AbortSignal | undefined,
  work: (item: Item, signal: AbortSignal) => Promise<Result>,
): Promise<Result[]> {
  const failed = new AbortController();
  const { signal: ended, unlink } = linkSignals(signal, failed.signal);
  const results: Result[] = [];
  const failures: unknown[] = [];
  const all = [...items];
  const queue = all.entries();
  const worker = async () => {
    for (const [index, item] of queue) {
      if (ended.aborted) return;
      try {
        results[index] = await work(item, ended);
      } catch (error) {
        failures.push(error);
        failed.abort();
      }
    }
  };
  await Promise.all(Array.from({ length: limit >= 1 ? Math.min(limit, all.length) : all.length }, worker));
  unlink();
  if (failures.length > 0) throw failures[0];
  throwIfAborted(signal);
  return results;
}
