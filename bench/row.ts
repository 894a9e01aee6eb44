/** What a contestant needs to know. */
export interface Bench {
  /** Address of the server. */
  host: string;
  /** Folder in which the peers are installed. */
  peers: string;
}

/** One round of work. Its results are measured too, by these names. */
export type Work = () => Promise<Readonly<Record<string, number>> | undefined>;

/** Prepares a contestant, in a process of its own. */
export type Contestant = (bench: Bench) => Promise<Work>;

/** What is said of one contestant beside another. */
export interface Comparison {
  ours: string;
  against: string;
  /** What is compared: `cpu` and `wall` are measured for each round. @default "cpu" */
  measure?: string;
  /** What is compared of the other, if that is measured by another name. It is in milliseconds too. */
  theirMeasure?: string;
  /** The most that ours may be of the other; with `added`, the most that it may be above it. */
  most: number;
  /** Ours minus the other, in place of the quotient. */
  added?: boolean;
}

/** Contestants that do the same work in turns. */
export interface Row {
  /** For `--profile`. */
  id: string;
  what: string;
  /** How many of what one round does: CPU and wall are shown for one of them. */
  count: number;
  of: string;
  contestants: Readonly<Record<string, Contestant>>;
  comparisons: readonly Comparison[];
  /** Rounds that count. @default 7 */
  rounds?: number;
  /** Rounds before, in which code is compiled. @default 3 */
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

/** A bar of a plot. */
export interface Bar {
  group: string;
  name: string;
  value: number;
}
