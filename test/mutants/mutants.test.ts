import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { areas } from './areas.ts';
import { linesIn } from './changed-lines.ts';
import { Outcomes, pathsIn, write } from './journal.ts';
import { planFor } from './plan.ts';
import { coveredBy, type Judged, judge, scoreOf } from './report.ts';

test('finds the new and changed lines of a diff', () => {
  const diff = [
    'diff --git a/one.ts b/one.ts',
    '--- a/one.ts',
    '+++ b/one.ts',
    '@@ -3 +3,2 @@ export',
    '-old',
    '+new',
    '+newer',
    '@@ -9,2 +11 @@',
    '@@ -20,2 +21,0 @@',
    '--- a/gone.ts',
    '+++ /dev/null',
    '@@ -1,5 +0,0 @@',
  ].join('\n');
  expect([...linesIn(diff)]).toEqual([
    [
      'one.ts',
      [
        { start: 3, end: 4 },
        { start: 11, end: 11 },
      ],
    ],
  ]);
});

describe('the journal', () => {
  let folder: string;
  const journal = () => pathsIn(folder).journal;
  const read = () => {
    const outcomes = new Outcomes(journal());
    outcomes.update();
    return outcomes;
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'mutants-test-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test('a mutant is due for each test until one detects it', () => {
    const outcomes = read();
    expect(outcomes.isDue('1', 'a')).toBe(true);
    write(journal(), { began: '1', test: 'a', limitMs: 5 });
    write(journal(), { ended: '1', test: 'a' });
    outcomes.update();
    expect([outcomes.isDue('1', 'a'), outcomes.isDue('1', 'b')]).toEqual([false, true]);
    expect(outcomes.limitMs).toBe(undefined);
    write(journal(), { ended: '1', test: 'b', noticed: 'failed', message: 'no' });
    outcomes.update();
    expect(outcomes.isDue('1', 'c')).toBe(false);
    expect(outcomes.noticed.get('1')).toEqual({ test: 'b', how: 'failed', message: 'no' });
  });

  test('a mutant that ended the test process counts as detected', () => {
    write(journal(), { began: '1', test: 'a', limitMs: 5 });
    expect(read()).toMatchObject({
      limitMs: 5,
      noticed: new Map([['1', expect.objectContaining({ how: 'timeout' })]]),
    });
  });

  test('an incomplete line is read once it is complete', () => {
    const outcomes = new Outcomes(journal());
    const [first, second] = ['1', '2'].map((ended) => `${JSON.stringify({ ended, test: 'a', noticed: 'failed' })}\n`);
    writeFileSync(journal(), first + second!.slice(0, 9));
    outcomes.update();
    expect([...outcomes.noticed.keys()]).toEqual(['1']);
    writeFileSync(journal(), first! + second);
    outcomes.update();
    expect([...outcomes.noticed.keys()]).toEqual(['1', '2']);
  });

  test('results of a test that then failed without a fault do not count', () => {
    write(journal(), { ended: '1', test: 'a', noticed: 'failed' });
    write(journal(), { ended: '2', test: 'b', noticed: 'failed' });
    write(journal(), { void: ['1', '2'], test: 'a' });
    const outcomes = read();
    expect([...outcomes.noticed.keys()]).toEqual(['2']);
    expect(outcomes.isDue('1', 'a')).toBe(true);
    expect(outcomes.careful).toEqual(new Set(['a']));
  });
});

test('a test that loads the sources itself need not notice everything that runs while they load', () => {
  const tests = [
    { file: 'calls.test.ts', mutants: ['called', 'both'] },
    { file: 'descriptions.test.ts', mutants: ['loaded', 'both', 'too'] },
  ];
  const covered = coveredBy(tests, new Set(['loaded', 'both']), /descriptions/);
  expect([...covered]).toEqual(['called', 'both', 'too']);
  expect([...coveredBy(tests, new Set(['loaded', 'both']))]).toEqual(['called', 'both', 'loaded', 'too']);
});

test('a mutant gets the tests next to its source first, then quick ones, until the time is up', () => {
  const tests = [
    { file: 'b.test.ts', test: 'slow', ms: 90 },
    { file: 'b.test.ts', test: 'quick', ms: 1 },
    { file: 'a.test.ts', test: 'next', ms: 50 },
  ].map((one) => ({ ...one, name: one.test, mutants: ['1', '2'] }));
  const testsOf = (maxMs: number) => {
    const plan = Object.entries(planFor(tests, new Map([['1', 'a.ts']]), maxMs));
    return plan.filter(([, { mutants }]) => mutants.length > 0).map(([test, { mutants }]) => [test, mutants]);
  };
  expect(testsOf(40)).toEqual([['next', ['1']]]);
  expect(testsOf(50)).toEqual([
    ['quick', ['1']],
    ['next', ['1']],
  ]);
  expect(testsOf(60)).toHaveLength(3);
});

test('the score is the share of covered mutants that were detected', () => {
  const mutants = ['killed', 'late', 'survived', 'loading', 'uncovered', 'ignored'].map((id) => ({
    id,
    fileName: 'a.ts',
    mutatorName: 'X',
    replacement: '',
    location: { start: { line: 0, column: 0 }, end: { line: 0, column: 1 } },
    ...(id === 'ignored' && { status: 'Ignored' as const, statusReason: 'nobody sees it' }),
  }));
  const noticed: Outcomes['noticed'] = new Map([
    ['killed', { test: 'a', how: 'failed', message: '' }],
    ['late', { test: 'a', how: 'timeout', message: '' }],
  ]);
  const judged = judge(mutants, new Set(['killed', 'late', 'survived']), new Set(['loading']), { noticed });
  expect(judged.map(({ status }) => status)).toEqual<Judged['status'][]>([
    'Killed',
    'Timeout',
    'Survived',
    'Ignored',
    'NoCoverage',
    'Ignored',
  ]);
  expect(scoreOf(judged)).toEqual({ noticed: 2, survived: 1, uncovered: 1, ignored: 2, percent: (100 * 2) / 3 });
});

test('every area has a score', () => {
  const scores = JSON.parse(readFileSync(join(import.meta.dirname, 'scores.json'), 'utf8')) as object;
  expect(Object.keys(scores)).toEqual(areas.map(({ name }) => name));
});
