export interface Contestant {
  name: string;
  run: () => Promise<unknown>;
}

export interface Rounds {
  counted: number;
  /** Rounds that do not count: the code has to be compiled for speed first, on both sides. */
  warmUp: number;
}

/** Runs the contestants in turns, so that noise falls on all of them, and prints medians and ratios to the first. */
export async function compare(
  title: string,
  contestants: readonly Contestant[],
  { counted, warmUp }: Rounds = { counted: 7, warmUp: 4 },
): Promise<void> {
  const walls = new Map<string, number[]>();
  const cpus = new Map<string, number[]>();
  for (let round = -warmUp; round < counted; round += 1) {
    for (const { name, run } of contestants) {
      globalThis.gc?.();
      const cpu = process.cpuUsage();
      const start = performance.now();
      await run();
      const wall = performance.now() - start;
      const { user, system } = process.cpuUsage(cpu);
      if (round < 0) continue;
      walls.set(name, [...(walls.get(name) ?? []), wall]);
      cpus.set(name, [...(cpus.get(name) ?? []), (user + system) / 1000]);
    }
  }
  console.log(`\n${title}`);
  const [first] = contestants;
  for (const { name } of contestants) {
    const of = (all: Map<string, number[]>, contestant: string) => median(all.get(contestant) ?? []);
    const ratio = (all: Map<string, number[]>) => (of(all, name) / of(all, first?.name ?? '')).toFixed(2);
    console.log(
      `  ${name.padEnd(12)} ${of(walls, name).toFixed(1).padStart(8)} ms (x${ratio(walls)})   CPU ${of(cpus, name).toFixed(1).padStart(8)} ms (x${ratio(cpus)})`,
    );
  }
}

const median = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;
