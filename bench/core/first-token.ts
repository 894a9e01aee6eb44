import { Agent, request } from 'node:http';
import type { Bench, Row } from '../row.ts';
import { core, messages } from './clients.ts';

const CALLS = 400;
const MODEL = 'tokens-1-1';

/** Percentiles of the time to the first token. */
async function times(firstToken: () => Promise<number>): Promise<Record<string, number>> {
  const all: number[] = [];
  for (let index = 0; index < CALLS; index += 1) all.push(await firstToken());
  const sorted = all.toSorted((a, b) => a - b);
  const at = (part: number) => sorted[Math.floor(part * (CALLS - 1))] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99) };
}

function byHand({ host }: Bench): () => Promise<number> {
  const agent = new Agent({ keepAlive: true });
  return () => {
    const start = performance.now();
    return new Promise((resolve, reject) => {
      const options = { agent, method: 'POST', headers: { 'content-type': 'application/json' } };
      const sent = request(`${host}/api/chat`, options, (response) => {
        let first = 0;
        response.on('data', (bytes: Buffer) => {
          if (first > 0) return;
          JSON.parse(bytes.toString().split('\n')[0] ?? '');
          first = performance.now() - start;
        });
        response.on('end', () => resolve(first));
      });
      sent.on('error', reject);
      sent.end(JSON.stringify({ model: MODEL, messages, stream: true }));
    });
  };
}

export const firstToken: Row = {
  id: 'first-token',
  what: 'Time to the first token',
  count: CALLS,
  of: 'answer',
  contestants: {
    core: async (bench) => {
      const ollama = core(bench);
      return () =>
        times(async () => {
          const start = performance.now();
          let first = 0;
          for await (const _ of ollama.chatStream({ model: MODEL, messages })) first ||= performance.now() - start;
          return first;
        });
    },
    'node:http': async (bench) => {
      const ask = byHand(bench);
      return () => times(ask);
    },
  },
  comparisons: [
    { ours: 'core', against: 'node:http', measure: 'p50', most: 0.5, added: true },
    { ours: 'core', against: 'node:http', measure: 'p99', most: 2, added: true },
  ],
};
