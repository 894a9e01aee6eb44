import { describe, expect, test, vi } from 'vitest';
import * as z from 'zod';
import { failureResult, valueResult } from './result.ts';

const Answer = z.object({
  text: z.string().optional(),
  thinking: z.string().optional(),
  answers: z.array(z.object({ text: z.string().optional(), thinking: z.string().optional() })).optional(),
  rows: z.array(z.string()).optional(),
  job: z.string().optional(),
  notices: z.array(z.object({ code: z.string(), message: z.string() })).optional(),
});
type Value = z.infer<typeof Answer>;
const tool = { output: Answer };
const capped = { isCapped: true };
const long = 'some words '.repeat(20_000);
const rows = Array.from({ length: 30_000 }, (_, index) => `row ${index}`);

const textOf = ({ content }: ReturnType<typeof valueResult>) => content.map(({ text }) => text).join('\n');

describe('a value that fits', () => {
  test('is returned as JSON text and as structure', () => {
    expect(valueResult(tool, { text: 'a', rows: ['b'] }, capped)).toEqual({
      content: [{ type: 'text', text: '{"text":"a","rows":["b"]}' }],
      structuredContent: { text: 'a', rows: ['b'] },
    });
  });

  test("is returned as the tool's own text, one block for each", () => {
    const worded = { ...tool, text: ({ text }: { text?: string }) => ['first', `said ${text}`] };
    expect(valueResult(worded, { text: 'a' }, capped).content).toEqual([
      { type: 'text', text: 'first' },
      { type: 'text', text: 'said a' },
    ]);
  });

  test('is a failure if the tool says so', () => {
    const failing = { ...tool, failed: ({ text }: { text?: string }) => text === 'bad' };
    expect(valueResult(failing, { text: 'bad' }, capped).isError).toBe(true);
    expect(valueResult(failing, { text: 'good' }, capped)).not.toHaveProperty('isError');
  });

  test('cannot contain control characters for a terminal', () => {
    const { content, structuredContent } = valueResult(tool, { text: '\u001b[2J' }, capped);
    expect(structuredContent).toEqual({ text: '␛[2J' });
    expect(content).toEqual([{ type: 'text', text: '{"text":"␛[2J"}' }]);
  });

  test('creates no job', () => {
    const keep = vi.fn(() => 'job-1');
    const value = { text: 'short', thinking: 'briefly', answers: [{ text: 'a', thinking: 'b' }] };
    valueResult(tool, value, { isCapped: true, keep });
    expect(keep).not.toHaveBeenCalled();
  });
});

test('without a cap nothing is cut', () => {
  const keep = vi.fn(() => 'job-1');
  const value = { text: long, rows };
  const { content, structuredContent } = valueResult(tool, value, { isCapped: false, keep });
  expect(structuredContent).toEqual(value);
  expect(content).toEqual([{ type: 'text', text: JSON.stringify(value) }]);
  expect(keep).not.toHaveBeenCalled();
});

describe('a list that is cut', () => {
  test('has a notice after the remaining items', () => {
    const before = { code: 'other', message: 'a notice' };
    const result = valueResult(tool, { rows, notices: [before] }, capped);
    const { rows: shown, notices } = result.structuredContent as { rows: string[]; notices: object[] };
    expect(notices).toEqual([
      before,
      {
        code: 'result_cut',
        message: `Truncated to fit a context: rows has ${shown.length} of 30000 items.`,
      },
    ]);
  });

  test("is mentioned in a separate text if the tool's text does not mention it", () => {
    const silent = { ...tool, text: () => ['the rows'] };
    const [first, second, ...more] = valueResult(silent, { rows }, capped).content;
    expect(first?.text).toBe('the rows');
    expect(second).toEqual({
      type: 'text',
      text: expect.stringMatching(/^Truncated to fit a context: rows has \d+ of/),
    });
    expect(more).toEqual([]);
    // JSON has the notice.
    expect(valueResult(tool, { rows }, capped).content).toHaveLength(1);
  });

  test("is mentioned once if one block of the tool's text mentions it", () => {
    const wordy = {
      ...tool,
      text: ({ notices }: Value) => ['the rows', ...(notices ?? []).map(({ message }) => message)],
    };
    const texts = valueResult(wordy, { rows }, capped).content.map(({ text }) => text);
    expect(texts).toEqual(['the rows', expect.stringMatching(/^Truncated to fit a context: rows has/)]);
  });

  test.each([
    ['has a job for the texts of its answers', { text: 'an answer' }, ['job-1']],
    ['has no job if its answers have no texts, as after a failure', {}, []],
  ])('%s', (_, answer, jobs) => {
    const keep = vi.fn(() => 'job-1');
    const { structuredContent } = valueResult(tool, { answers: rows.map(() => answer) }, { isCapped: true, keep });
    const { answers = [], job } = structuredContent as Value;
    expect(answers.length).toBeLessThan(rows.length);
    expect([job].filter(Boolean)).toEqual(jobs);
  });

  test('has no notice if the schema has no field for one', () => {
    const plain = { output: z.object({ rows: z.array(z.string()) }) };
    const { content, structuredContent } = valueResult(plain, { rows }, capped);
    expect(Object.keys(structuredContent ?? {})).toEqual(['rows']);
    expect(content.at(-1)?.text).toMatch(/^Truncated to fit a context: rows has \d+ of 30000 items\.$/);
  });

  test('creates no job: there is no text to continue', () => {
    const keep = vi.fn(() => 'job-1');
    const { structuredContent } = valueResult(tool, { text: 'short', rows }, { isCapped: true, keep });
    expect(keep).not.toHaveBeenCalled();
    expect(structuredContent).not.toHaveProperty('job');
  });

  test.each([
    [5, /: a has [^:]*, e has \d+ of 9000 items\.$/],
    [7, /: a has [^:]*, e has \d+ of 9000 items, and 2 others are truncated too\.$/],
  ])('of %i cut lists, the first five are named', (count, words) => {
    const names = [...'abcdefg'].slice(0, count);
    const output = z.object(Object.fromEntries(names.map((name) => [name, z.array(z.string())])));
    const value = Object.fromEntries(names.map((name) => [name, rows.slice(0, 9000)]));
    expect(valueResult({ output }, value, capped).content.at(-1)?.text).toMatch(words);
  });
});

describe('a text that is cut', () => {
  test.each([
    ['text', { text: long }],
    ['thinking', { text: 'short', thinking: long }],
    ['an answer of many', { answers: [{ text: 'short' }, { text: long }] }],
  ])('can be continued as a job: %s', (_, value) => {
    const keep = vi.fn(() => 'job-1');
    const result = valueResult(tool, value, { isCapped: true, keep });
    expect(keep).toHaveBeenCalledTimes(1);
    expect(result.structuredContent).toMatchObject({
      job: 'job-1',
      notices: [
        { code: 'text_cut', message: expect.stringMatching(/^This is the beginning; job job-1 has all of it\./) },
      ],
    });
    expect(textOf(result)).toContain('job-1');
  });

  test('has no job if there is no room for one, or jobs are not kept', () => {
    for (const options of [{ isCapped: true, keep: () => undefined }, capped]) {
      const { structuredContent } = valueResult(tool, { text: long }, options);
      expect(Object.keys(structuredContent ?? {})).toEqual(['text']);
    }
  });

  test('of a job keeps that job', () => {
    const keep = vi.fn(() => 'job-2');
    const { structuredContent } = valueResult(tool, { text: long, job: 'job-1' }, { isCapped: true, keep });
    expect(keep).not.toHaveBeenCalled();
    expect(structuredContent).toMatchObject({ job: 'job-1' });
    expect(structuredContent).not.toHaveProperty('notices');
  });

  test('creates no job if the output of the tool has no field for one', () => {
    const keep = vi.fn(() => 'job-1');
    valueResult({ output: z.object({ text: z.string() }) }, { text: long }, { isCapped: true, keep });
    expect(keep).not.toHaveBeenCalled();
  });

  test("counts from the tool's offset, in both forms", () => {
    const result = valueResult(
      { ...tool, skipped: () => 1000, text: ({ text }) => [String(text)] },
      { text: long },
      capped,
    );
    const mark = /\[cut: (\d+) of 221000 characters\]$/;
    for (const shown of [textOf(result), String(result.structuredContent?.['text'])]) expect(shown).toMatch(mark);
  });

  test("is cut in the tool's own text too, and each block keeps its beginning", () => {
    const wordy = { ...tool, text: () => ['short', long, long] };
    const [first, second, third] = valueResult(wordy, { text: 'a' }, capped).content.map(({ text }) => text);
    expect(first).toBe('short');
    for (const text of [second, third]) expect(text).toMatch(/^some words .*\n\[cut: \d+ of 220000 characters\]$/);
  });
});

test('a failure is only text, without control characters, cut to what fits', () => {
  expect(failureResult('what\u001b failed', 'what to do')).toEqual({
    content: [
      { type: 'text', text: 'what␛ failed' },
      { type: 'text', text: 'what to do' },
    ],
    isError: true,
  });
  const { content } = failureResult('short', long);
  expect(content[0]?.text).toBe('short');
  expect(content[1]?.text).toMatch(/\n\[cut: \d+ of 220000 characters\]$/);
});
