import type { Row } from '../row.ts';
import { core, coreChat, inLanes, jsChat, ollamaJs } from './clients.ts';

function row(id: string, what: string, model: string, most: number, { count = 1, rounds = 3 } = {}): Row {
  return {
    id,
    what,
    count,
    of: 'answer',
    rounds,
    warmUp: Math.min(1, rounds - 1),
    contestants: {
      core: async (bench) => {
        const ollama = core(bench);
        return () => inLanes(1, count, () => coreChat(ollama, model));
      },
      'ollama-js': async (bench) => {
        const js = ollamaJs(bench);
        return () => inLanes(1, count, () => jsChat(js, model));
      },
    },
    comparisons: [{ ours: 'core', against: 'ollama-js', most }],
  };
}

/** Answers that are slow for a client that rereads an incomplete line with each new piece. */
export const oddAnswers = [
  row('line-8', 'A line of 8 MiB', `line-${8 * 1024 * 1024}`, 0.5),
  row('line-32', 'A line of 32 MiB', `line-${32 * 1024 * 1024}`, 0.02, { rounds: 1 }),
  row('pieces', 'A line of 128 KiB in pieces of 7 bytes', `bytes-${128 * 1024}-7`, 0.5, { count: 20 }),
  row('arguments', '1 MiB of arguments of a tool', `arguments-${1024 * 1024}`, 0.5, { count: 20 }),
];
