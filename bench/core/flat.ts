import type { Ollama } from '@ollama-toolbelt/core/node';
import type { Contestant, Row } from '../row.ts';
import { core, coreChat, inLanes } from './clients.ts';

/** Memory after the work, in MB, and the open resources of the process. */
const left =
  (work: (ollama: Ollama) => Promise<unknown>): Contestant =>
  async (bench) => {
    const ollama = core(bench);
    return async () => {
      await work(ollama);
      globalThis.gc?.();
      return {
        heap: process.memoryUsage().heapUsed / 1e6,
        handles: process.getActiveResourcesInfo().filter((name) => name !== 'PipeWrap').length,
      };
    };
  };

/** Compares a little and a lot of the same work: both must leave the same memory and handles. */
function row(
  id: string,
  what: string,
  little: number,
  lot: number,
  work: (ollama: Ollama, count: number) => Promise<unknown>,
) {
  const name = (count: number) => `${count.toLocaleString('en')} of them`;
  return {
    id,
    what,
    count: lot,
    of: 'piece',
    rounds: 1,
    warmUp: 1,
    contestants: {
      [name(little)]: left((ollama) => work(ollama, little)),
      [name(lot)]: left((ollama) => work(ollama, lot)),
    },
    comparisons: [
      { ours: name(lot), against: name(little), measure: 'heap', most: 1, added: true },
      { ours: name(lot), against: name(little), measure: 'handles', most: 0, added: true },
    ],
  } satisfies Row;
}

export const flat = [
  row('flat-tokens', 'Memory in MB and handles after streamed tokens', 50_000, 1_000_000, (ollama, count) =>
    coreChat(ollama, `tokens-${count}-64`),
  ),
  row('flat-pull', 'Memory in MB and handles after events of a pull', 5_000, 100_000, (ollama, count) => {
    let reports = 0;
    return ollama.pull({ model: `pull-${count}` }, { onProgress: () => (reports += 1) });
  }),
  row('flat-aborts', 'Memory in MB and handles after aborted calls', 250, 5_000, (ollama, count) =>
    inLanes(10, count, async () => {
      const controller = new AbortController();
      const call = coreChat(ollama, 'silent', { signal: controller.signal }).catch(() => {});
      setImmediate(() => controller.abort());
      await call;
    }),
  ),
  row('flat-conversations', 'Memory in MB and handles after conversations', 50, 1_000, (ollama, count) =>
    inLanes(10, count, () => ollama.conversation({ model: 'tokens-8-8' }).send('x')),
  ),
];
