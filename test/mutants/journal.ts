/** What happens to the mutants, told by the test processes line by line: one that dies leaves what it found. */
import { appendFileSync, closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';

/** Where the parts of a run meet; the test processes get it as MUTANTS_FOLDER. */
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
  /** Ran while a file was loaded, before any test. */
  | { file: string; loading: string[] }
  /** `limitMs` is when the test process itself gives up on it, if it still can. */
  | { began: string; test: string; limitMs: number }
  | { ended: string; test: string; noticed?: 'failed' | 'timeout' | 'error'; message?: string }
  /** With no fault the test failed after these: what it said of them does not count. */
  | { void: string[]; test: string };

export const write = (file: string, entry: Entry): void => appendFileSync(file, `${JSON.stringify(entry)}\n`);

export function read(file: string): Entry[] {
  return new Reader(file).next();
}

/** Reads on where it stopped. */
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
    // A line may be half written.
    const whole = bytes.subarray(0, bytes.lastIndexOf(0x0a) + 1);
    this.#offset += whole.length;
    const lines = whole.toString().split('\n');
    return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Entry);
  }
}

/** What the journal says so far. */
export class Outcomes {
  /** By mutant: which test noticed it, and how. */
  readonly noticed = new Map<string, { test: string; how: 'failed' | 'timeout' | 'error'; message: string }>();
  /** Tests after which others fail, so what follows them is not to be trusted. */
  readonly careful = new Set<string>();
  readonly #tried = new Set<string>();
  readonly #reader: Reader;
  #limitMs: number | undefined;

  constructor(journal: string) {
    this.#reader = new Reader(journal);
  }

  /** How long the test that runs now may take; nothing between two tests. */
  get limitMs(): number | undefined {
    return this.#limitMs;
  }

  /** Whether a test has still to meet a mutant. */
  isDue(mutant: string, test: string): boolean {
    return !this.noticed.has(mutant) && !this.#tried.has(`${mutant} ${test}`);
  }

  update(): void {
    for (const entry of this.#reader.next()) this.#take(entry);
  }

  #take(entry: Entry): void {
    this.#limitMs = 'began' in entry ? entry.limitMs : undefined;
    if ('began' in entry) {
      // Until it has ended: the process may have died of it, or been ended because nothing moved any more.
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
