/**
 * Runs each test once for each fault in the code that it runs. Starting vitest for each fault would take a hundred
 * times as long.
 */
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { TestRunner } from 'vitest';
import { type CoveredTest, Outcomes, pathsIn, write } from './journal.ts';
import type { Plan } from './plan.ts';

type Test = Parameters<TestRunner['onAfterTryTask']>[0];
type Task = Parameters<TestRunner['onBeforeRunTask']>[0];
type Files = Parameters<TestRunner['onAfterRunFiles']>[0];
type Try = Parameters<TestRunner['onBeforeTryTask']>[1];

/** The global object of Stryker's switches and counters. */
interface Switches {
  activeMutant?: string | undefined;
  currentTestId?: string | undefined;
  hitCount?: number | undefined;
  hitLimit?: number;
  mutantCoverage?: { static: Record<string, number>; perTest: Record<string, Record<string, number>> };
}

const globals = globalThis as typeof globalThis & { __stryker__?: Switches };
globals.__stryker__ ??= {};
const switches = globals.__stryker__;
const paths = pathsIn(process.env['MUTANTS_FOLDER'] ?? '');
const isCoverageRun = process.env['MUTANTS_RUN'] === 'coverage';
// Tests may replace these.
const { setTimeout, clearTimeout } = globalThis;

/** A loop that a fault made endless passes its switch many times. */
const MOST_HITS = 100_000;

export default class MutantRunner extends TestRunner {
  readonly #plan: Plan = isCoverageRun ? {} : (JSON.parse(readFileSync(paths.plan, 'utf8')) as Plan);
  readonly #outcomes = new Outcomes(paths.journal);
  #queue: string[] = [];
  /** Mutants that the running test detected since it last passed without a fault. */
  #unsure: string[] = [];
  #isCareful = false;
  #now: { mutant: string } | 'control' | 'nothing' = 'nothing';
  #timedOut = false;
  #strayError: unknown;
  /** A test failed without a fault, so later results in this process do not count. */
  #isSpoiled = false;

  constructor(config: ConstructorParameters<typeof TestRunner>[0]) {
    super(config);
    const stray = (error: unknown) => {
      this.#strayError ??= error ?? 'unknown';
    };
    process.on('unhandledRejection', stray);
    process.on('uncaughtException', stray);
  }

  onCollected(files: Files): void {
    const inTurn = (task: Task) => {
      // Only one fault can be on at a time.
      task.concurrent = false;
      if (task.type === 'suite') for (const inner of task.tasks) inTurn(inner);
    };
    for (const file of files) for (const task of file.tasks) inTurn(task);
  }

  override async onBeforeRunTask(task: Task): Promise<void> {
    await super.onBeforeRunTask(task);
    if (task.type !== 'test' || task.mode !== 'run') return;
    if (isCoverageRun) {
      switches.currentTestId = task.id;
      return;
    }
    this.#outcomes.update();
    const { mutants = [] } = this.#plan[task.id] ?? {};
    this.#queue = mutants.filter((mutant) => this.#outcomes.isDue(mutant, task.id));
    this.#unsure = [];
    this.#isCareful = this.#outcomes.careful.has(task.id);
    if (this.#queue.length === 0 || this.#isSpoiled) task.mode = 'skip';
    // It may also run without a fault between two of them.
    else task.repeats = 2 * this.#queue.length + 1;
  }

  override onBeforeTryTask(test: Task, options: Try): void {
    super.onBeforeTryTask(test, options);
    if (isCoverageRun) return;
    this.#now = this.#next();
    this.#timedOut = false;
    this.#strayError = undefined;
    switches.activeMutant = typeof this.#now === 'object' ? this.#now.mutant : undefined;
    switches.hitCount = 0;
    switches.hitLimit = MOST_HITS;
    if (typeof this.#now === 'object')
      write(paths.journal, { began: this.#now.mutant, test: test.id, limitMs: this.#limitOf(test) });
  }

  #next(): { mutant: string } | 'control' | 'nothing' {
    if (this.#isSpoiled) return 'nothing';
    const isDue = this.#queue.length === 0 || this.#isCareful || this.#timedOut;
    if (this.#unsure.length > 0 && isDue) return 'control';
    const mutant = this.#queue.shift();
    return mutant === undefined ? 'nothing' : { mutant };
  }

  async runTask(test: Test): Promise<void> {
    if (isCoverageRun) return runOf(test);
    if (this.#now === 'nothing') return;
    const limit = this.#limitOf(test);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        this.#timedOut = true;
        reject(new Error(`still running after ${limit} ms`));
      }, limit);
    });
    try {
      await Promise.race([runOf(test), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  #limitOf = ({ id }: { id: string }) => Math.ceil(5_000 + 10 * (this.#plan[id]?.ms ?? 0));

  override async onAfterRetryTask(test: Test, options: Try): Promise<void> {
    await super.onAfterRetryTask(test, options);
    if (isCoverageRun || this.#now === 'nothing') return;
    const failed = test.result?.state === 'fail' || this.#strayError !== undefined;
    const message = String(test.result?.errors?.[0]?.message ?? this.#strayError ?? '').slice(0, 300);
    if (test.result) delete test.result.errors;
    switches.activeMutant = undefined;
    if (this.#now === 'control') {
      if (failed) {
        this.#isSpoiled = true;
        // If it is checked after each mutant, the previous one has broken the process, so it was detected.
        if (!this.#isCareful) write(paths.journal, { void: this.#unsure, test: test.id });
      }
      this.#unsure = [];
      return;
    }
    const { mutant } = this.#now;
    const how = this.#timedOut ? 'timeout' : this.#strayError === undefined ? 'failed' : 'error';
    if (failed) this.#unsure.push(mutant);
    write(paths.journal, { ended: mutant, test: test.id, ...(failed && { noticed: how, message }) });
  }

  override async onAfterRunTask(task: Test): Promise<void> {
    await super.onAfterRunTask(task);
    switches.currentTestId = undefined;
    const stray = this.#strayError;
    this.#strayError = undefined;
    // A test that leaves a rejection behind would detect every fault.
    if (!isCoverageRun || task.type !== 'test' || task.result?.state !== 'pass' || stray !== undefined) return;
    write(paths.coverage, {
      file: relative(this.config.root, task.file.filepath),
      test: task.id,
      name: fullName(task),
      ms: task.result.duration ?? 0,
      mutants: Object.keys(switches.mutantCoverage?.perTest[task.id] ?? {}),
    } satisfies CoveredTest);
  }

  override onAfterRunFiles(files: Files): void {
    super.onAfterRunFiles(files);
    const loading = Object.keys(switches.mutantCoverage?.static ?? {});
    if (isCoverageRun) write(paths.coverage, { file: '', loading });
  }
}

const runOf = (test: Test): Promise<void> => Promise.resolve(TestRunner.getTestFn(test)());

function fullName(test: Test): string {
  const names = [test.name];
  for (let suite = test.suite; suite; suite = suite.suite) names.unshift(suite.name);
  return names.join(' > ');
}
