import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Bench, Row } from './row.ts';

/** Medians of the measurements, by contestant. */
export type Measured = ReadonlyMap<string, Readonly<Record<string, number>>>;

export const median = (numbers: readonly number[]) =>
  numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

/** After this time a row starts no new round: there are many rows, and all should finish within ten minutes. */
const ROW_MS = 6_000;

interface Options {
  /** Maximum number of rounds, instead of that of the row. */
  rounds?: number | undefined;
  /** Folder for a CPU profile of each contestant, named after it. */
  profiles?: string | undefined;
}

/**
 * Runs the contestants of a row in turns, so other load on the machine affects all of them. Each has a separate
 * process, so none is measured with code that was optimized for another.
 */
export async function measure(row: Row, bench: Bench, options: Options = {}): Promise<Measured> {
  const { profiles } = options;
  const rounds = Math.min(row.rounds ?? 7, options.rounds ?? Number.POSITIVE_INFINITY);
  const warmUp = Math.min(row.warmUp ?? 3, rounds);
  const children = new Map<string, ChildProcess>();
  const all = new Map<string, Record<string, number>[]>();
  try {
    for (const name of Object.keys(row.contestants)) {
      const child = fork(path('./contestant.ts'), [row.id, name, bench.host, bench.peers], {
        execArgv: ['--expose-gc', ...(profiles === undefined ? [] : profiling(profiles, name))],
      });
      children.set(name, child);
      await message(child, `${row.id}, ${name}`);
    }
    const begin = performance.now();
    const isLate = (share: number) => performance.now() - begin > ROW_MS * share;
    for (let round = -warmUp; round < rounds; round += 1) {
      // On a busy machine a row has fewer rounds, to finish in time: at least one, and one warm-up round.
      if (round < 0 && round > -warmUp && isLate(1 / 3)) round = 0;
      if (round > 0 && isLate(1)) break;
      for (const [name, child] of children) {
        child.send('run');
        const measured = (await message(child, `${row.id}, ${name}`)) as Record<string, number>;
        if (round >= 0) all.set(name, [...(all.get(name) ?? []), measured]);
      }
    }
  } finally {
    for (const child of children.values()) if (child.connected) child.disconnect();
    await Promise.all([...children.values()].map((child) => child.exitCode ?? once(child, 'exit')));
  }
  return new Map([...all].map(([name, rounds]) => [name, medians(rounds)]));
}

const profiling = (folder: string, name: string): string[] => [
  '--cpu-prof',
  `--cpu-prof-dir=${folder}`,
  `--cpu-prof-name=${name.replace(/\W+/g, '-')}.cpuprofile`,
];

/** The next message of a child; fails if it ends instead. */
export async function message(child: ChildProcess, what: string): Promise<unknown> {
  const over = new AbortController();
  const ended = once(child, 'exit', { signal: over.signal }).then(() => {
    throw new Error(`A process of the bench ended early: ${what}.`);
  });
  try {
    const [received] = await Promise.race([once(child, 'message', { signal: over.signal }), ended]);
    return received;
  } finally {
    over.abort();
    ended.catch(() => {});
  }
}

/** By name, of what several rounds measured. */
export const medians = <Name extends string>(rounds: readonly Readonly<Record<Name, number>>[]): Record<Name, number> =>
  Object.fromEntries(
    Object.keys(rounds[0] ?? {}).map((name) => [
      name,
      median(rounds.map((round) => round[name as Name] ?? Number.NaN)),
    ]),
  ) as Record<Name, number>;

/** One round of a contestant. */
type Round<Name extends string> = (isWarmUp: boolean) => Promise<Readonly<Record<Name, number>>>;

/** Medians, by contestant, of rounds in which they take turns: other load on the machine affects all of them. */
export async function inTurns<Name extends string>(
  contestants: ReadonlyMap<string, Round<Name>>,
  { rounds, warmUp }: { rounds: number; warmUp: number },
): Promise<Map<string, Record<Name, number>>> {
  const all = new Map([...contestants.keys()].map((name) => [name, [] as Readonly<Record<Name, number>>[]]));
  for (let round = -warmUp; round < rounds; round += 1) {
    for (const [name, run] of contestants) {
      const measured = await run(round < 0);
      if (round >= 0) all.get(name)?.push(measured);
    }
  }
  return new Map([...all].map(([name, measured]) => [name, medians(measured)]));
}
