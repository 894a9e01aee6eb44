/**
 * Adds small faults to the sources, one at a time, and checks whether a test detects them.
 *
 *   pnpm test:mutants [PATH…]           all areas, or the files below a path
 *   pnpm test:mutants --since main      the lines changed since a commit
 *   pnpm test:mutants --tests GLOB      with these tests instead of the area's
 *
 * The report is reports/mutants/AREA/index.html.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { copyRepository, repository } from '../fixtures/repository-copy.ts';
import { type Area, areas } from './areas.ts';
import { changedLines } from './changed-lines.ts';
import { instrument, type Lines } from './instrument.ts';
import { type CoveredTest, Outcomes, pathsIn, read } from './journal.ts';
import { inOrder, planFor } from './plan.ts';
import { coveredBy, judge, type Score, scoreOf, writeReport } from './report.ts';

/** A test process without output for this long hangs. While it tries a fault, its own timeout should fire first. */
const SILENCE_MS = { coverage: 900_000, mutants: 90_000, afterLimit: 10_000 };

const scoresFile = join(import.meta.dirname, 'scores.json');

const { values, positionals } = parseArgs({
  options: {
    since: { type: 'string' },
    tests: { type: 'string', multiple: true },
    resume: { type: 'string' },
    report: { type: 'string', default: join(repository, 'reports/mutants') },
    'max-ms': { type: 'string', default: '2000' },
  },
  allowPositionals: true,
});

// An exit ends the test process and removes the copy.
for (const [signal, number] of [
  ['SIGINT', 2],
  ['SIGTERM', 15],
] as const)
  process.once(signal, () => process.exit(128 + number));

const changed = values.since === undefined ? undefined : changedLines(repository, values.since);
for (const area of areas) {
  const { files, isWhole } = filesOf(area);
  if (files.size > 0) holdTo(area, isWhole, await runArea(area, files));
}

/** The selected files of an area, and whether these are all of its files. */
function filesOf({ sources }: Area): { files: Map<string, Lines>; isWhole: boolean } {
  const files = new Map<string, Lines>();
  const all = globSync([...sources], { cwd: repository, exclude: ['**/*.test.ts', '**/*.d.ts'] }).toSorted();
  for (const file of all) {
    const lines = changed === undefined ? true : changed.get(file);
    const isMeant = positionals.length === 0 || positionals.some((start) => file.startsWith(start));
    if (isMeant && lines !== undefined) files.set(file, lines);
  }
  const isWhole = files.size === all.length && changed === undefined && values.tests === undefined;
  return { files, isWhole };
}

/** The minimum of an area rises with its best complete run, and never falls. */
function holdTo({ name, leastScore }: Area, isWhole: boolean, { percent, survived }: Score): void {
  const scores: Record<string, number> = JSON.parse(readFileSync(scoresFile, 'utf8'));
  const floor = Math.max(leastScore, scores[name] ?? 0);
  if (percent < floor && survived > 0) {
    console.error(`${name}: less than ${floor} % of the faults were noticed. The report shows which were not.`);
    process.exitCode = 1;
  }
  if (!isWhole || Math.floor(percent) <= (scores[name] ?? 0)) return;
  scores[name] = Math.floor(percent);
  writeFileSync(scoresFile, `${JSON.stringify(scores, null, 2)}\n`);
  console.log(`${name}: from now on at least ${scores[name]} %. Commit test/mutants/scores.json.`);
}

async function runArea(area: Area, files: ReadonlyMap<string, Lines>): Promise<Score> {
  using copy = copyRepository('mutants');
  const folder = values.resume ?? mkdtempSync(join(tmpdir(), 'mutants-journal-'));
  const paths = pathsIn(folder);
  const { mutants, sources } = await instrument(copy.path, files);
  console.log(`${area.name}: ${mutants.length} mutants in ${files.size} files`);
  if (area.builds) {
    const cwd = join(copy.path, 'packages', area.builds);
    const { status } = spawnSync(join(repository, 'node_modules/.bin/tsup'), ['--silent'], { cwd, stdio: 'inherit' });
    if (status !== 0) throw new Error(`${area.builds} with faults in it cannot be built`);
  }
  if (!existsSync(paths.coverage)) await vitest('coverage', copy.path, folder, testsOf(area));
  const covered = read(paths.coverage);
  const tests = covered.filter((entry): entry is CoveredTest => 'mutants' in entry && entry.mutants.length > 0);
  const loading = new Set(covered.flatMap((entry) => ('loading' in entry ? entry.loading : [])));
  const left = mutants.filter(({ status }) => status === undefined);
  const sourceOf = new Map(left.map(({ id, fileName }) => [id, fileName]));
  const plan = planFor(tests, sourceOf, Number(values['max-ms']));
  writeFileSync(paths.plan, JSON.stringify(plan));
  console.log(`${area.name}: ${tests.length} tests run ${new Set(tests.flatMap((test) => test.mutants)).size} of them`);
  const outcomes = new Outcomes(paths.journal);
  for (;;) {
    outcomes.update();
    const due = tests.filter(({ test }) => plan[test]?.mutants.some((mutant) => outcomes.isDue(mutant, test)));
    if (due.length === 0) break;
    const testFiles = inOrder(due);
    console.log(`${area.name}: ${outcomes.noticed.size} noticed; ${testFiles.length} test files to go`);
    await vitest('mutants', copy.path, folder, testFiles);
  }
  const judged = judge(mutants, coveredBy(tests, loading, area.loading), loading, outcomes);
  const page = writeReport(join(values.report, area.name), sources, judged, tests, area.leastScore);
  for (const file of files.keys())
    console.log(line(file, scoreOf(judged.filter(({ mutant }) => mutant.fileName === file))));
  const score = scoreOf(judged);
  console.log(line(area.name, score));
  console.log(page);
  rmSync(folder, { recursive: true, force: true });
  return score;
}

function line(name: string, { percent, noticed, survived, uncovered, ignored }: Score): string {
  const rest = `${noticed} noticed, ${survived} survived, ${uncovered} not run, ${ignored} ignored`;
  return `${percent.toFixed(1).padStart(5)} %  ${name}: ${rest}`;
}

function testsOf({ tests, without }: Area): string[] {
  const found = globSync(values.tests ?? [...tests], { cwd: repository });
  return found.filter((file) => values.tests !== undefined || !without?.test(file));
}

/** Runs these tests until they end or hang. */
async function vitest(
  run: 'coverage' | 'mutants',
  root: string,
  folder: string,
  tests: readonly string[],
): Promise<void> {
  const paths = pathsIn(folder);
  // Goes with the copy. A process that hangs is killed, and cannot delete its files.
  const TMPDIR = join(root, '.tmp');
  mkdirSync(TMPDIR, { recursive: true });
  const child = spawn(
    process.execPath,
    [join(repository, 'node_modules/vitest/vitest.mjs'), 'run', '--config', 'test/mutants/vitest.config.ts'],
    {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit'],
      detached: true,
      env: { ...process.env, TMPDIR, MUTANTS_RUN: run, MUTANTS_FOLDER: folder, MUTANTS_TESTS: JSON.stringify(tests) },
    },
  );
  const started = Date.now();
  const outcomes = new Outcomes(paths.journal);
  const watch = setInterval(() => {
    outcomes.update();
    const saidAt =
      statSync(run === 'coverage' ? paths.coverage : paths.journal, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    const limitMs = saidAt > started ? outcomes.limitMs : undefined;
    const longest = limitMs === undefined ? SILENCE_MS[run] : limitMs + SILENCE_MS.afterLimit;
    if (Date.now() - Math.max(started, saidAt) > longest) end();
  }, 1000);
  const end = () => {
    try {
      process.kill(-child.pid!, 'SIGKILL');
    } catch {
      // It has ended.
    }
  };
  process.once('exit', end);
  await new Promise((resolve) => child.once('close', resolve));
  clearInterval(watch);
  process.off('exit', end);
}
