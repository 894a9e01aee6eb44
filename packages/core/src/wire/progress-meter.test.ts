import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { ProgressResponse } from '../schemas/transfers.ts';
import { createProgressMeter, type TransferProgress } from './progress-meter.ts';
import { progressText } from './progress-text.ts';

/** What the meter reports for each line; lines come `stepMs` apart. */
function follow(lines: readonly (ProgressResponse | string)[], stepMs = 1000): TransferProgress[] {
  let now = 0;
  const meter = createProgressMeter(() => now);
  return lines.map((line) => {
    now += stepMs;
    return meter.add(typeof line === 'string' ? { status: line } : line);
  });
}
const layer = (name: string, completed: number | undefined, total: number): ProgressResponse => ({
  status: `pulling ${name}`,
  digest: name,
  total,
  ...(completed !== undefined && { completed }),
});

function expectPlausible(reports: readonly TransferProgress[]): void {
  for (const [index, { completed, total, fraction, bytesPerSecond, secondsLeft }] of reports.entries()) {
    const before = reports[index - 1];
    expect(completed).toBeGreaterThanOrEqual(before?.completed ?? 0);
    expect(fraction ?? 0).toBeGreaterThanOrEqual(before?.fraction ?? 0);
    expect(total ?? 0).toBeGreaterThanOrEqual(before?.total ?? 0);
    expect(completed).toBeLessThanOrEqual(total ?? 0);
    for (const number of [fraction, bytesPerSecond, secondsLeft])
      expect(number === undefined || (Number.isFinite(number) && number >= 0)).toBe(true);
  }
}

test('a layer keeps the total that a later line leaves out', () => {
  const later = { status: 'pulling a', digest: 'a', completed: 500 };
  const [, report] = follow([layer('a', 0, 1000), later, { ...later, digest: 'b' }]);
  expect(report).toMatchObject({ completed: 500, total: 1000, fraction: 0.5 });
});

test('adds up the layers, and reports the rate and the time left', () => {
  const reports = follow([
    'pulling manifest',
    layer('a', 0, 3000),
    layer('b', 0, 1000),
    layer('a', 1000, 3000),
    layer('b', 500, 1000),
  ]);
  expectPlausible(reports);
  expect(reports[0]).toEqual({ status: 'pulling manifest', completed: 0 });
  expect(reports[4]).toEqual({
    status: 'pulling b',
    completed: 1500,
    total: 4000,
    fraction: 0.375,
    bytesPerSecond: 500,
    secondsLeft: 5,
  });
});

test('a layer that appears late makes the total larger, and nothing decreases', () => {
  const reports = follow([layer('a', 100, 100), layer('b', 0, 900), layer('b', 900, 900), 'verifying', 'success']);
  expectPlausible(reports);
  expect(reports.map(({ total, fraction }) => [total, fraction])).toEqual([
    [100, 0.99],
    [1000, 0.99],
    [1000, 0.99],
    [1000, 0.99],
    [1000, 1],
  ]);
});

test('the bytes that a resumed layer starts with do not count for the rate', () => {
  const reports = follow([layer('a', 9000, 10_000), layer('a', 9100, 10_000)]);
  expect(reports[1]).toMatchObject({ completed: 9100, bytesPerSecond: 100, secondsLeft: 9 });
});

test('a resumed layer does not take bytes away', () => {
  const reports = follow([layer('a', 500, 1000), layer('a', 0, 1000), layer('a', 600, 1000)]);
  expectPlausible(reports);
  expect(reports.map(({ completed }) => completed)).toEqual([500, 500, 600]);
});

test('no movement: no rate to divide by', () => {
  const reports = follow(Array.from({ length: 30 }, () => layer('a', 500, 1000)));
  expect(reports.at(-1)).toMatchObject({ bytesPerSecond: 0, secondsLeft: undefined });
});

test('the rate is that of the last few seconds', () => {
  const slow = Array.from({ length: 50 }, (_, index) => layer('a', index, 1_000_000));
  const fast = Array.from({ length: 20 }, (_, index) => layer('a', 50 + index * 1000, 1_000_000));
  expect(follow([...slow, ...fast]).at(-1)?.bytesPerSecond).toBeCloseTo(1000, 0);
});

test('missing and nonsensical counts', () => {
  const odd = [null, -1, Number.NaN, Number.POSITIVE_INFINITY, '5', {}] as unknown as number[];
  const reports = follow([
    'pulling manifest',
    { status: 'pulling a', digest: 'a' },
    ...odd.map((total) => ({ status: 'pulling a', digest: 'a', total, completed: total })),
    ...odd.map((completed) => layer('b', completed, 100)),
    layer('c', 70, 50),
    layer('d', 0, 0),
    'success',
  ]);
  expectPlausible(reports);
  expect(reports.at(-1)).toMatchObject({ completed: 170, total: 170, fraction: 1 });
  expect(follow(['pulling manifest', 'success']).at(-1)).toEqual({ status: 'success', completed: 0 });
});

const transcripts = new URL('../../../../test/ollama-server/transcripts/', import.meta.url);
describe.each(['0.24.0', '0.33.0-rc2'])('as reported by Ollama %s', (version) => {
  test.each(['pull', 'pull-slow', 'pull-slow-resumed', 'pull-already-here', 'push'])('%s', (name) => {
    const { response } = JSON.parse(readFileSync(new URL(`${version}/special/${name}.json`, transcripts), 'utf8'));
    const lines: { ms: number; line: ProgressResponse }[] = response.chunks.flatMap(
      ({ ms, text }: { ms: number; text: string }) =>
        text
          .trim()
          .split('\n')
          .map((line) => ({ ms, line: JSON.parse(line) })),
    );
    let now = 0;
    const meter = createProgressMeter(() => now);
    const reports = lines.map(({ ms, line }) => {
      now = ms;
      return meter.add(line);
    });
    expectPlausible(reports);
    expect(reports.at(-1)?.fraction ?? 1).toBe(1);
    // The registry sent 500 kB a second.
    if (name.startsWith('pull-slow')) {
      const rates = reports.flatMap(({ bytesPerSecond }) => bytesPerSecond ?? []).slice(10);
      expect(Math.max(...rates)).toBeLessThan(900_000);
      expect(Math.min(...rates)).toBeGreaterThan(200_000);
    }
  });
});

test.each([
  [{ status: 'pulling manifest' }, 'pulling manifest'],
  [{ completed: 700_000_000, total: 2_000_000_000, fraction: 0.359 }, 'pulling a: 35 %, 0.7 of 2.0 GB'],
  [
    { completed: 0, total: 2_000_000, fraction: 0, bytesPerSecond: 12_345, secondsLeft: 162.4 },
    'pulling a: 0 %, 0.0 of 2.0 MB, 12.3 kB/s, 3 min left',
  ],
  [{ completed: 5, total: 999, fraction: 0.005, bytesPerSecond: 0 }, 'pulling a: 0 %, 5 of 999 B'],
  [
    { completed: 1, total: 5e12, fraction: 0, bytesPerSecond: 1e6, secondsLeft: 1e6 },
    'pulling a: 0 %, 0.0 of 5.0 TB, 1.0 MB/s, 278 h left',
  ],
  [{ completed: 9, total: 9, fraction: 0.99, bytesPerSecond: 3, secondsLeft: 0 }, 'pulling a: 99 %, 9 of 9 B'],
] as const)('%j in words', (given, text) => {
  const none = {
    completed: 0,
    total: undefined,
    fraction: undefined,
    bytesPerSecond: undefined,
    secondsLeft: undefined,
  };
  expect(progressText({ status: 'pulling a', ...none, ...given })).toBe(text);
});
