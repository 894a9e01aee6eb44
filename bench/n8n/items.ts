import { installedN8n } from '../../test/n8n/app/installed-n8n.ts';
import { linesOf } from '../report.ts';
import { medians } from '../rounds.ts';
import type { Line, Row } from '../row.ts';
import { ONE, SOME, THEIR_CHAIN, THEIRS } from './contestants.ts';
import { ANSWER_MS, SLOTS } from './pace.ts';
import { RunningN8n } from './running-n8n.ts';

interface ItemsRow extends Pick<Row, 'what' | 'count' | 'comparisons'> {
  model: string;
  /** Rounds before those that count, in which code is compiled: the first row compiles it for the second. */
  warmUp: number;
}

const ROUNDS = 3;

const rows: readonly ItemsRow[] = [
  {
    what: 'n8n: 500 short items',
    count: 500,
    model: 'short',
    warmUp: 1,
    comparisons: [
      { ours: SOME, against: THEIRS, most: 0.7 },
      { ours: ONE, against: THEIRS, most: 0.7 },
      { ours: SOME, against: THEIR_CHAIN },
    ],
  },
  {
    what: `n8n: 64 items of ${ANSWER_MS} ms, a server with ${SLOTS} slots`,
    count: 64,
    model: 'paced',
    warmUp: 0,
    comparisons: [
      { ours: SOME, against: THEIRS, measure: 'wall', most: 0.28 },
      { ours: SOME, against: THEIR_CHAIN, measure: 'wall' },
    ],
  },
];

/** Many items through one node, in a whole n8n: the one of `pnpm test:n8n`. */
export async function measureItems(most: number | undefined, say: (words: string) => void): Promise<Line[]> {
  say('Installing n8n, if it is not there: that takes minutes.');
  const bin = await installedN8n().catch((error: Error) => {
    say(`n8n cannot be installed: ${error.message}`);
  });
  if (bin === undefined) return rows.map(skipped);
  await using n8n = await RunningN8n.start(bin);
  const lines: Line[] = [];
  for (const row of rows) {
    say(row.what);
    lines.push(...linesOf(row, await measureRow(n8n, row, Math.min(ROUNDS, most ?? ROUNDS))));
  }
  return lines;
}

/** All contestants in turns, in one n8n: what else the machine does falls on all of them. */
async function measureRow(n8n: RunningN8n, { count, model, warmUp, comparisons }: ItemsRow, rounds: number) {
  const names = new Set(comparisons.flatMap(({ ours, against }) => [ours, against]));
  const all = new Map([...names].map((name) => [name, [] as { wall: number; cpu: number }[]]));
  for (let round = -warmUp; round < rounds; round += 1) {
    for (const [name, measured] of all) {
      const costs = await n8n.measure(name, model, count);
      if (round >= 0) measured.push(costs);
    }
  }
  return new Map([...all].map(([name, measured]) => [name, medians(measured)]));
}

const skipped = ({ what }: ItemsRow): Line => ({
  what,
  against: THEIRS,
  reach: '',
  measured: 'skipped: it needs n8n, which `pnpm test:n8n` installs',
  isReached: undefined,
  ours: '',
  theirs: '',
});
