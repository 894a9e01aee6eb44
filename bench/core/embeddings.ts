import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createOllama, diskEmbeddingStore, nearestVectors } from '@ollama-toolbelt/core/node';
import type { Bench, Row, Work } from '../row.ts';
import { Bare, core, inLanes, ollamaJs } from './clients.ts';

const texts = Array.from({ length: 512 }, (_, index) => `Text ${index}`);
const large = { model: 'large', input: texts };

/** Memory of the answer alone, after everything else of the call is freed, and the peak growth so far, in MB. */
async function kept(ask: () => Promise<object>): Promise<Record<string, number>> {
  atFirst ??= process.memoryUsage.rss();
  globalThis.gc?.();
  const before = process.memoryUsage();
  const answer = await ask();
  globalThis.gc?.();
  const after = process.memoryUsage();
  const total = (usage: NodeJS.MemoryUsage) => usage.heapUsed + usage.arrayBuffers;
  if (Object.keys(answer).length === 0) throw new Error('There is no answer.');
  const peak = process.resourceUsage().maxRSS * 1024 - atFirst;
  return { kept: (total(after) - total(before)) / 1e6, peak: peak / 1e6 };
}

/** Memory of the process before its first call. */
let atFirst: number | undefined;

type Ask = (bench: Bench) => () => Promise<object>;

/** Ways to request one large answer. */
const ways: Readonly<Record<string, Ask>> = {
  embed: (bench) => {
    const ollama = core(bench);
    return () => ollama.embed(large, { batchSize: 512 });
  },
  embedFloat32: (bench) => {
    const ollama = core(bench);
    return () => ollama.embedFloat32(large, { batchSize: 512 });
  },
  'undici and JSON.parse': (bench) => {
    const bare = new Bare(bench);
    return async () => JSON.parse(await (await bare.post('/api/embed', large)).text());
  },
  'ollama-js': (bench) => {
    const js = ollamaJs(bench);
    return () => js.embed(large);
  },
};

const contestantsBy = (measure: (ask: () => Promise<object>) => ReturnType<Work>) =>
  Object.fromEntries(
    Object.entries(ways).map(([name, way]) => [
      name,
      async (bench: Bench) => {
        const ask = way(bench);
        return () => measure(ask);
      },
    ]),
  );

export const largeAnswer: Row = {
  id: 'embeddings',
  what: '512 × 1,024 numbers in one answer',
  count: 1,
  of: 'answer',
  contestants: contestantsBy((ask) => inLanes(1, 1, ask)),
  comparisons: [
    { ours: 'embed', against: 'undici and JSON.parse', most: 1.03 },
    { ours: 'embedFloat32', against: 'ollama-js', most: 0.3 },
  ],
};

export const largeAnswerMemory: Row = {
  ...largeAnswer,
  id: 'embeddings-memory',
  what: 'Memory in MB of 512 × 1,024 numbers',
  contestants: contestantsBy(kept),
  comparisons: [
    { ours: 'embedFloat32', against: 'ollama-js', measure: 'kept', most: 0.15 },
    { ours: 'embedFloat32', against: 'ollama-js', measure: 'peak', most: 0.15 },
  ],
};

const MANY = 10_000;
const many = Array.from({ length: MANY }, (_, index) => `Text number ${index >> 1}, a sentence of some words.`);
/** Sequential requests to measure. Making all of them would take longer than the rest of the bench. */
const SAMPLE = 100;

async function withStore(host: string, path: string): Promise<undefined> {
  const store = diskEmbeddingStore({ path, maxBytes: 1e9 });
  await using ollama = createOllama({ host, embedCache: store });
  await ollama.embed({ model: 'm', input: many });
  store.close();
  return undefined;
}

/** Each runs once: compile time is negligible compared to the time of the server. */
export const manyTexts: Row = {
  id: 'many-texts',
  what: `${MANY.toLocaleString('en')} texts, half of them equal`,
  count: 1,
  of: 'call',
  rounds: 1,
  warmUp: 0,
  contestants: {
    'first time': async ({ host }) => {
      const ollama = createOllama({ host });
      return () => inLanes(1, 1, () => ollama.embed({ model: 'm', input: many }));
    },
    'first time, all in one batch': async ({ host }) => {
      const ollama = createOllama({ host });
      return () => inLanes(1, 1, () => ollama.embed({ model: 'm', input: many }, { batchSize: MANY }));
    },
    'again, from the cache in memory': async ({ host }) => {
      const ollama = createOllama({ host, embedCache: { maxBytes: 1e9 } });
      await ollama.embed({ model: 'm', input: many });
      return () => inLanes(1, 1, () => ollama.embed({ model: 'm', input: many }));
    },
    'in a new process, with a store on disk': async ({ host }) => {
      const path = join(mkdtempSync(join(tmpdir(), 'toolbelt-bench-')), 'vectors.sqlite');
      await withStore(host, path);
      return () => withStore(host, path);
    },
    'ollama-js, one by one': async (bench) => {
      const js = ollamaJs(bench);
      return async () => {
        const start = performance.now();
        for (const input of many.slice(0, SAMPLE)) await js.embed({ model: 'm', input });
        return { all: ((performance.now() - start) * MANY) / SAMPLE };
      };
    },
    'ollama-js, one call': async (bench) => {
      const js = ollamaJs(bench);
      return () => inLanes(1, 1, () => js.embed({ model: 'm', input: many }));
    },
  },
  comparisons: [
    { ours: 'first time', against: 'ollama-js, one call', measure: 'wall', most: 0.5 },
    { ours: 'first time, all in one batch', against: 'ollama-js, one call', measure: 'wall', most: 0.5 },
    { ours: 'again, from the cache in memory', against: 'ollama-js, one call', measure: 'wall', most: 0.05 },
    { ours: 'in a new process, with a store on disk', against: 'ollama-js, one call', measure: 'wall', most: 0.05 },
    {
      ours: 'first time',
      against: 'ollama-js, one by one',
      measure: 'wall',
      theirMeasure: 'all',
      most: 0.5,
    },
  ],
};

const vectorOf = (length: number) => Array.from({ length }, () => Math.random() - 0.5);

/** The usual way: compute all cosines, sort, take the first. */
function byHand(query: readonly number[], vectors: readonly (readonly number[])[]): object[] {
  const cosine = (a: readonly number[], b: readonly number[]) => {
    const dot = a.reduce((sum, x, index) => sum + x * (b[index] ?? 0), 0);
    return dot / (Math.hypot(...a) * Math.hypot(...b));
  };
  const scored = vectors.map((vector, index) => ({ index, score: cosine(query, vector) }));
  return scored.sort((a, b) => b.score - a.score).slice(0, 10);
}

/** The same with loops over the arrays. */
function byLoop(query: readonly number[], vectors: readonly (readonly number[])[]): object[] {
  const scored = vectors.map((vector, index) => {
    let [dot, a, b] = [0, 0, 0];
    for (let at = 0; at < vector.length; at += 1) {
      const [x, y] = [query[at] as number, vector[at] as number];
      dot += x * y;
      a += x * x;
      b += y * y;
    }
    return { index, score: dot / Math.sqrt(a * b) };
  });
  return scored.sort((a, b) => b.score - a.score).slice(0, 10);
}

export const rank: Row = {
  id: 'rank',
  what: 'The 10 nearest of 20,000 vectors of 768 numbers',
  count: 1,
  of: 'query',
  contestants: {
    nearestVectors: async () => {
      const vectors = Array.from({ length: 20_000 }, () => Float32Array.from(vectorOf(768)));
      const query = Float32Array.from(vectorOf(768));
      return () => inLanes(1, 1, async () => nearestVectors(query, vectors, { most: 10 }));
    },
    'a loop over arrays': async () => {
      const vectors = Array.from({ length: 20_000 }, () => vectorOf(768));
      return () => inLanes(1, 1, async () => byLoop(vectorOf(768), vectors));
    },
    'reduce and sort': async () => {
      const vectors = Array.from({ length: 20_000 }, () => vectorOf(768));
      return () => inLanes(1, 1, async () => byHand(vectorOf(768), vectors));
    },
  },
  comparisons: [
    { ours: 'nearestVectors', against: 'a loop over arrays', most: 0.25 },
    { ours: 'nearestVectors', against: 'reduce and sort', most: 0.25 },
  ],
};
