import type { CoveredTest } from './journal.ts';

/** By test: its duration without faults, and its mutants. */
export type Plan = Record<string, { ms: number; mutants: string[] }>;

/**
 * Which tests run with which mutants, within a time limit: those next to the source first, then quick ones, and in each
 * file those that run the least code, because they are the most specific.
 *
 * @param sources the source of each mutant that needs tests
 */
export function planFor(tests: readonly CoveredTest[], sources: ReadonlyMap<string, string>, maxMs: number): Plan {
  const plan: Plan = Object.fromEntries(tests.map(({ test, ms }) => [test, { ms, mutants: [] }]));
  const byMutant = new Map<string, { test: string; isNext: boolean; ms: number; rank: number }[]>();
  const ranks = new Map<string, number>();
  for (const { file, test, ms, mutants } of tests.toSorted((a, b) => a.mutants.length - b.mutants.length)) {
    for (const mutant of mutants) {
      const source = sources.get(mutant);
      if (source === undefined) continue;
      const place = `${mutant} ${file}`;
      const rank = ranks.get(place) ?? 0;
      ranks.set(place, rank + 1);
      const covering = byMutant.get(mutant) ?? [];
      covering.push({ test, isNext: file === source.replace(/\.ts$/, '.test.ts'), ms, rank });
      byMutant.set(mutant, covering);
    }
  }
  for (const [mutant, covering] of byMutant) {
    let spent = 0;
    for (const { test, ms } of covering.toSorted((a, b) => Number(b.isNext) - Number(a.isNext) || cost(a) - cost(b))) {
      if (spent > maxMs) break;
      spent += ms;
      plan[test]!.mutants.push(mutant);
    }
  }
  return plan;
}

const cost = ({ ms, rank }: { ms: number; rank: number }) => (ms + 1) * (rank + 1);

/** Files of quick tests first. */
export function inOrder(tests: readonly CoveredTest[]): string[] {
  const mean = (file: string) => {
    const times = tests.filter((test) => test.file === file).map(({ ms }) => ms);
    return times.reduce((sum, ms) => sum + ms, 0) / times.length;
  };
  return [...new Set(tests.map(({ file }) => file))].toSorted((a, b) => mean(a) - mean(b));
}
