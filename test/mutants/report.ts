import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Mutant } from './instrument.ts';
import type { CoveredTest, Outcomes } from './journal.ts';

export interface Judged {
  mutant: Mutant;
  status: 'Killed' | 'Timeout' | 'RuntimeError' | 'Survived' | 'NoCoverage' | 'Ignored';
  reason?: string;
  killedBy?: string;
}

/** The mutant only ran while its file was loaded, before the switch could be set. */
const WHILE_LOADING = 'runs only while the file is loaded';

/**
 * The mutants that the tests run, and should notice. A test that loads the sources itself runs all that happens while
 * they load, and sees the effect of little of it: of that, only what it notices counts.
 */
export function coveredBy(
  tests: readonly Pick<CoveredTest, 'file' | 'mutants'>[],
  loading: ReadonlySet<string>,
  loadsItself?: RegExp,
): Set<string> {
  return new Set(
    tests.flatMap(({ file, mutants }) =>
      loadsItself?.test(file) ? mutants.filter((mutant) => !loading.has(mutant)) : mutants,
    ),
  );
}

export function judge(
  mutants: readonly Mutant[],
  covered: ReadonlySet<string>,
  loading: ReadonlySet<string>,
  { noticed }: Pick<Outcomes, 'noticed'>,
): Judged[] {
  const statuses = { failed: 'Killed', timeout: 'Timeout', error: 'RuntimeError' } as const;
  return mutants.map((mutant) => {
    if (mutant.status === 'Ignored') return { mutant, status: 'Ignored', reason: mutant.statusReason ?? '' };
    const found = noticed.get(mutant.id);
    if (found) return { mutant, status: statuses[found.how], reason: found.message, killedBy: found.test };
    if (covered.has(mutant.id)) return { mutant, status: 'Survived' };
    if (loading.has(mutant.id)) return { mutant, status: 'Ignored', reason: WHILE_LOADING };
    return { mutant, status: 'NoCoverage' };
  });
}

export interface Score {
  noticed: number;
  survived: number;
  uncovered: number;
  ignored: number;
  /** Percentage of the covered mutants. */
  percent: number;
}

export function scoreOf(judged: readonly Judged[]): Score {
  const count = (...statuses: Judged['status'][]) => judged.filter(({ status }) => statuses.includes(status)).length;
  const noticed = count('Killed', 'Timeout', 'RuntimeError');
  const survived = count('Survived');
  const percent = noticed + survived === 0 ? 100 : (100 * noticed) / (noticed + survived);
  return { noticed, survived, uncovered: count('NoCoverage'), ignored: count('Ignored'), percent };
}

/** Writes `index.html` and `mutation.json`, in the format of Stryker's report viewer. */
export function writeReport(
  folder: string,
  sources: ReadonlyMap<string, string>,
  judged: readonly Judged[],
  tests: readonly CoveredTest[],
  leastScore: number,
): string {
  mkdirSync(folder, { recursive: true });
  const files: Record<string, { language: string; source: string; mutants: object[] }> = {};
  for (const { mutant, status, reason, killedBy } of judged) {
    const { fileName, id, location, mutatorName, replacement } = mutant;
    files[fileName] ??= { language: 'typescript', source: sources.get(fileName) ?? '', mutants: [] };
    // The viewer counts lines and columns from one.
    const moved = ({ line, column }: { line: number; column: number }) => ({ line: line + 1, column: column + 1 });
    files[fileName].mutants.push({
      id,
      mutatorName,
      replacement,
      // The viewer does not include RuntimeError in the score.
      status: status === 'RuntimeError' ? 'Killed' : status,
      location: { start: moved(location.start), end: moved(location.end) },
      ...(reason && { statusReason: reason }),
      ...(killedBy && { killedBy: [killedBy] }),
    });
  }
  const testFiles: Record<string, { tests: { id: string; name: string }[] }> = {};
  for (const { file, test, name } of tests) {
    testFiles[file] ??= { tests: [] };
    testFiles[file].tests.push({ id: test, name });
  }
  const report = { schemaVersion: '2', thresholds: { high: 100, low: leastScore }, files, testFiles };
  const json = JSON.stringify(report);
  writeFileSync(join(folder, 'mutation.json'), json);
  copyFileSync(viewer(), join(folder, 'viewer.js'));
  const page = join(folder, 'index.html');
  // A `</script>` in a source would close the element.
  const inScript = json.replaceAll('<', '\\u003c');
  writeFileSync(
    page,
    `<!doctype html>
<meta charset="utf-8">
<title>Mutants</title>
<script src="viewer.js"></script>
<mutation-test-report-app title-postfix="Ollama Toolbelt"></mutation-test-report-app>
<script>document.querySelector('mutation-test-report-app').report = ${inScript};</script>
`,
  );
  return page;
}

const viewer = (): string =>
  createRequire(import.meta.url).resolve('mutation-testing-elements/dist/mutation-test-elements.js');
