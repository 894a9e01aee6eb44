import { join } from 'node:path';
import { installedN8n } from '../../test/n8n/app/installed-n8n.ts';
import { linesOf } from '../report.ts';
import { inTurns } from '../rounds.ts';
import type { Line, Row } from '../row.ts';
import { ONE, SOME, THEIR_CHAIN, THEIRS } from './contestants.ts';
import { ANSWER_MS, SLOTS } from './pace.ts';
import { RunningN8n } from './running-n8n.ts';

interface ItemsRow extends Pick<Row, 'id' | 'what' | 'count' | 'comparisons'> {
  model: string;
  /** Rounds before those that count, in which code is compiled: the first row compiles it for the second. */
  warmUp: number;
}

const ROUNDS = 3;
const PROFILED_ROUNDS = 4;

const rows: readonly ItemsRow[] = [
  {
    id: 'n8n-short',
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
    id: 'n8n-paced',
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

/** For `--row` and `--profile`. */
export const itemRows: readonly string[] = rows.map(({ id }) => id);

type Say = (words: string) => void;

/**
 * Many items through one node, in a whole n8n: the one of `pnpm test:n8n`.
 *
 * @param ids rows to measure; by default all
 */
export async function measureItems(most: number | undefined, say: Say, ids = itemRows): Promise<Line[]> {
  const wanted = rows.filter(({ id }) => ids.includes(id));
  const bin = await binOf(say).catch((error: Error) => {
    say(`n8n cannot be installed: ${error.message}`);
  });
  if (bin === undefined) return wanted.map(skipped);
  await using n8n = await RunningN8n.start(bin);
  const lines: Line[] = [];
  for (const row of wanted) {
    say(row.what);
    lines.push(...linesOf(row, await measureRow(n8n, row, Math.min(ROUNDS, most ?? ROUNDS))));
  }
  return lines;
}

function binOf(say: Say): Promise<string> {
  say('Installing n8n, if it is not there: that takes minutes.');
  return installedN8n();
}

/** Writes a profile of a whole n8n for each contestant of a row. They include its start. */
export async function profileItems(id: string, into: string, say: Say): Promise<void> {
  const { model, count, comparisons } = rows.find((row) => row.id === id)!;
  const bin = await binOf(say);
  for (const name of namesIn(comparisons)) {
    say(name);
    await using n8n = await RunningN8n.start(bin, join(into, name.replace(/\W+/g, '-')));
    for (let round = 0; round < PROFILED_ROUNDS; round += 1) await n8n.measure(name, model, count);
  }
}

const namesIn = (comparisons: ItemsRow['comparisons']) =>
  new Set(comparisons.flatMap(({ ours, against }) => [ours, against]));

/** All contestants in one n8n. */
function measureRow(n8n: RunningN8n, { count, model, warmUp, comparisons }: ItemsRow, rounds: number) {
  const contestants = [...namesIn(comparisons)].map((name) => [name, () => n8n.measure(name, model, count)] as const);
  return inTurns<'wall' | 'cpu'>(new Map(contestants), { rounds, warmUp });
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
