/** The results of the mutants, written line by line, so a test process that dies keeps its results. */
import { appendFileSync, closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';

/** Paths shared by the processes of a run. The test processes receive the folder as MUTANTS_FOLDER. */
export interface Paths {
  coverage: string;
  journal: string;
  plan: string;
}

export const pathsIn = (folder: string): Paths => ({
  coverage: join(folder, 'coverage.jsonl'),
  journal: join(folder, 'journal.jsonl'),
  plan: join(folder, 'plan.json'),
});

/** One test without any fault. */
export interface CoveredTest {
  file: string;
  test: string;
  name: string;
  /** How long it took. */
  ms: number;
  /** The mutants whose code it ran. */
  mutants: string[];
}

export type Entry =
  | CoveredTest
  /** Mutants that ran while a file was loaded, before any test. */
  | { file: string; loading: string[] }
  /** `limitMs` is the timeout in the test process itself, if that still responds. */
  | { began: string; test: string; limitMs: number }
  | { ended: string; test: string; noticed?: 'failed' | 'timeout' | 'error'; message?: string }
  /** The test failed without a fault after these, so its results for them do not count. */
  | { void: string[]; test: string };

export const write = (file: string, entry: Entry): void => appendFileSync(file, `${JSON.stringify(entry)}\n`);

export function read(file: string): Entry[] {
  return new Reader(file).next();
}

/** Continues reading where it stopped. */
class Reader {
  readonly #file: string;
  #offset = 0;

  constructor(file: string) {
    this.#file = file;
  }

  next(): Entry[] {
    if (!existsSync(this.#file)) return [];
    const handle = openSync(this.#file, 'r');
    const bytes = Buffer.alloc(Math.max(0, fstatSync(handle).size - this.#offset));
    readSync(handle, bytes, 0, bytes.length, this.#offset);
    closeSync(handle);
    // The last line may be incomplete.
    const whole = bytes.subarray(0, bytes.lastIndexOf(0x0a) + 1);
    this.#offset += whole.length;
    const lines = whole.toString().split('\n');
    return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Entry);
  }
}

/** The results in the journal so far. */
export class Outcomes {
  /** By mutant: which test detected it, and how. */
  readonly noticed = new Map<string, { test: string; how: 'failed' | 'timeout' | 'error'; message: string }>();
  /** Tests that make later ones fail, so later results are not reliable. */
  readonly careful = new Set<string>();
  readonly #tried = new Set<string>();
  readonly #reader: Reader;
  #limitMs: number | undefined;

  constructor(journal: string) {
    this.#reader = new Reader(journal);
  }

  /** Timeout of the running test; `undefined` between tests. */
  get limitMs(): number | undefined {
    return this.#limitMs;
  }

  /** Whether a test must still run with a mutant. */
  isDue(mutant: string, test: string): boolean {
    return !this.noticed.has(mutant) && !this.#tried.has(`${mutant} ${test}`);
  }

  update(): void {
    for (const entry of this.#reader.next()) this.#take(entry);
  }

  #take(entry: Entry): void {
    this.#limitMs = 'began' in entry ? entry.limitMs : undefined;
    if ('began' in entry) {
      // Counts until the test has ended: the process may have crashed, or been killed because it hung.
      this.#note(entry.began, entry.test, 'timeout', 'the test process ended');
    } else if ('ended' in entry) {
      this.noticed.delete(entry.ended);
      this.#tried.add(`${entry.ended} ${entry.test}`);
      if (entry.noticed) this.#note(entry.ended, entry.test, entry.noticed, entry.message ?? '');
    } else if ('void' in entry) {
      this.careful.add(entry.test);
      for (const mutant of entry.void) {
        this.#tried.delete(`${mutant} ${entry.test}`);
        if (this.noticed.get(mutant)?.test === entry.test) this.noticed.delete(mutant);
      }
    }
  }

  #note(mutant: string, test: string, how: 'failed' | 'timeout' | 'error', message: string): void {
    this.noticed.set(mutant, { test, how, message });
  }
}
