/** Settings for a contestant. */
export interface Bench {
  /** Address of the server. */
  host: string;
  /** Folder in which the peers are installed. */
  peers: string;
}

/** One round of work. The values that it returns are also measured, by their names. */
export type Work = () => Promise<Readonly<Record<string, number>> | undefined>;

/** Prepares a contestant in a separate process. */
export type Contestant = (bench: Bench) => Promise<Work>;

/** A comparison of one contestant with another. */
export interface Comparison {
  ours: string;
  against: string;
  /** The value to compare. `cpu` and `wall` are measured in every round. @default "cpu" */
  measure?: string;
  /** The value of the other contestant, if it has a different name. Also in milliseconds. */
  theirMeasure?: string;
  /** Maximum ratio of ours to the other, or with `added`, maximum difference. If missing, there is no goal. */
  most?: number;
  /** Compares the difference instead of the ratio. */
  added?: boolean;
}

/** Contestants that do the same work, in turns. */
export interface Row {
  /** For `--profile`. */
  id: string;
  what: string;
  /** Units of work in one round. CPU and wall time are shown for one unit. */
  count: number;
  of: string;
  contestants: Readonly<Record<string, Contestant>>;
  comparisons: readonly Comparison[];
  /** Measured rounds. @default 7 */
  rounds?: number;
  /** Warm-up rounds before, in which code is compiled. @default 3 */
  warmUp?: number;
}

/** One line of the table. */
export interface Line {
  what: string;
  against: string;
  reach: string;
  measured: string;
  isReached: boolean | undefined;
  ours: string;
  theirs: string;
}

/** A bar in a plot. */
export interface Bar {
  group: string;
  name: string;
  value: number;
}
