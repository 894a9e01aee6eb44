import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { answerTextKey, createProgress, ProgressRelay, type ProgressUpdate } from './progress.ts';

let sent: (ProgressUpdate & { at: number })[] = [];
let start = 0;

beforeEach(() => {
  vi.useFakeTimers();
  sent = [];
  start = Date.now();
});

afterEach(() => {
  vi.useRealTimers();
});

const begin = () => createProgress((update) => sent.push({ ...update, at: Date.now() - start }), Date.now);

test('if nothing is reported, a heartbeat comes after one second, then every five', () => {
  const progress = begin();
  progress.report(0, 'waiting for m');
  vi.advanceTimersByTime(12_000);
  expect(sent.map(({ at, message }) => [at, message])).toEqual([
    [1000, 'waiting for m, 1 s'],
    [6000, 'waiting for m, 6 s'],
    [11_000, 'waiting for m, 11 s'],
  ]);
  progress.stop();
});

test('heartbeats have no rounding errors, however many there are', () => {
  const progress = begin();
  progress.report(3, '3 tokens');
  vi.advanceTimersByTime(60 * 60_000);
  progress.stop();
  expect(sent.length).toBeGreaterThan(700);
  expect(sent.map(({ progress }) => String(progress))).toEqual(
    sent.map((_, beat) => String(Number(`3.${String(beat).padStart(3, '0')}`))),
  );
});

test('the first report is sent at once, and the next ones together after the gap', () => {
  const progress = begin();
  progress.report(1, '1 token', { text: 'a' });
  vi.advanceTimersByTime(100);
  progress.report(2, '2 tokens', { text: 'b' });
  vi.advanceTimersByTime(100);
  progress.report(3, '3 tokens', { text: 'c' });
  vi.advanceTimersByTime(100);
  expect(sent).toEqual([
    { at: 0, progress: 1, message: '1 token', _meta: { [answerTextKey]: 'a' } },
    { at: 250, progress: 3, message: '3 tokens', _meta: { [answerTextKey]: 'bc' } },
  ]);
  progress.stop();
});

test('at most four notifications a second, each higher than the last, less than ten seconds apart', () => {
  const progress = begin();
  for (let token = 1; token <= 2000; token++) {
    progress.report(token, 'tokens', { total: 2000 });
    vi.advanceTimersByTime(token % 500 === 0 ? 17_000 : 7);
  }
  progress.stop();
  for (const [index, { at, progress: value, total }] of sent.entries()) {
    const before = sent[index - 1];
    expect(total).toBe(2000);
    if (!before) continue;
    expect(value).toBeGreaterThan(before.progress);
    expect(at - before.at).toBeGreaterThanOrEqual(250);
    expect(at - before.at).toBeLessThan(10_000);
  }
});

test('nothing is sent after the end, and no timer is left', () => {
  const progress = begin();
  progress.report(1, 'one');
  progress.stop();
  progress.report(2, 'two');
  vi.advanceTimersByTime(60_000);
  expect(sent).toHaveLength(1);
  expect(vi.getTimerCount()).toBe(0);
});

test('a total is sent as long as there is one', () => {
  const progress = begin();
  progress.report(1, 'one', { total: 9 });
  vi.advanceTimersByTime(300);
  progress.report(2, 'two');
  progress.stop();
  expect(sent).toEqual([
    { at: 0, progress: 1, message: 'one', total: 9 },
    { at: 300, progress: 2, message: 'two' },
  ]);
});

test('a report at the end of the gap is sent at once', () => {
  const progress = begin();
  progress.report(1, 'one');
  vi.advanceTimersByTime(249);
  progress.report(2, 'two');
  expect(sent).toHaveLength(1);
  vi.advanceTimersByTime(1);
  expect(sent).toHaveLength(2);
  vi.advanceTimersByTime(250);
  progress.report(3, 'three');
  expect(sent).toHaveLength(3);
  progress.stop();
  expect(vi.getTimerCount()).toBe(0);
});

test('the default clock is that of the process', () => {
  const words: string[] = [];
  const progress = createProgress(({ message }) => words.push(message));
  vi.advanceTimersByTime(1000);
  progress.stop();
  expect(words).toEqual(['waiting for Ollama, 1 s']);
});

test('a relay sends the latest report to a new target, then passes on the next ones', () => {
  const relay = new ProgressRelay();
  const reports: unknown[][] = [];
  const to = (name: string) => relay.to({ report: (...given) => reports.push([name, ...given]) });
  expect(relay.message).toBe('');
  to('a');
  expect(reports).toEqual([]);
  relay.report(1, 'one', { total: 3, text: 'x' });
  expect(relay.message).toBe('one');
  to('b');
  relay.report(2, 'two');
  expect(reports).toEqual([
    ['a', 1, 'one', { total: 3, text: 'x' }],
    // The piece of text was sent before.
    ['b', 1, 'one', { total: 3 }],
    ['b', 2, 'two', {}],
  ]);
});
