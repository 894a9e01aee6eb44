import { expect, test } from 'vitest';
import * as z from 'zod';
import { badArgumentLines } from './bad-arguments.ts';

const schema = z.strictObject({
  model: z.string(),
  count: z.number().int().max(9).optional(),
  list: z.array(z.object({ kind: z.enum(['a', 'b']) })).optional(),
  either: z.union([z.boolean(), z.enum(['low', 'high'])]).optional(),
  options: z.looseObject({ seed: z.number().int().optional() }).optional(),
  least: z.number().min(1).optional(),
  name: z.string().max(3).min(1).regex(/^a/, 'begins with a').optional(),
  pairs: z.union([z.object({ a: z.string() }), z.object({ b: z.string() })]).optional(),
  word: z.union([z.boolean(), z.string().regex(/^a/, 'begins with a')]).optional(),
  short: z.union([z.boolean(), z.string().max(3), z.string().regex(/^a/)]).optional(),
  mixed: z.union([z.object({ a: z.string() }), z.string()]).optional(),
});

const linesFor = (value: unknown) => {
  const { error } = schema.safeParse(value);
  return error ? badArgumentLines(error, Object.keys(schema.shape)) : [];
};

test.each([
  [{}, ['model: missing (text)']],
  [{ model: null }, ['model: should be text']],
  [{ model: 'm', count: 1.5 }, ['count: should be a whole number']],
  [{ model: 'm', count: 10 }, ['count: should be 9 or less']],
  [{ model: 'm', list: [{ kind: 'c' }] }, ['list[0].kind: should be "a" or "b"']],
  [{ model: 'm', either: 3 }, ['either: should be true or false or "low" or "high"']],
  [{ model: 'm', temperature: 1 }, ['temperature: unknown, belongs in options']],
  [{ model: 'm', cuont: 1 }, ['cuont: unknown, did you mean count?']],
  [
    { model: 'm', xyz: 1 },
    ['xyz: unknown, arguments are model, count, list, either, options, least, name, pairs, word, short, mixed'],
  ],
  [
    { model: 'm', constructor: 1 },
    ['constructor: unknown, arguments are model, count, list, either, options, least, name, pairs, word, short, mixed'],
  ],
  [{ model: 'm', least: 0 }, ['least: should be 1 or more']],
  // Without a number, the message of the schema stays.
  [{ model: 'm', name: 'abcd' }, ['name: Too big: expected string to have <=3 characters']],
  [{ model: 'm', name: 'b' }, ['name: begins with a']],
  [{ model: 'm', pairs: {} }, ['pairs: does not match any of the allowed forms']],
  [{ model: 'm', word: 'b' }, ['word: begins with a']],
  [{ model: 'm', short: 'bbbb' }, ['short: does not match any of the allowed forms']],
  [{ model: 'm', mixed: {} }, ['mixed: does not match any of the allowed forms']],
  [{ model: 'm', name: '' }, [expect.stringMatching(/^name: Too small: expected string/), 'name: begins with a']],
  [{ model: 'm', list: [{ kind: 'a' }, {}] }, ['list[1].kind: should be "a" or "b"']],
  [{ model: 'm', ['x'.repeat(65)]: 1 }, [expect.stringMatching(/^x{64}…: unknown, /)]],
  [{ model: 'm', ['x'.repeat(64)]: 1 }, [expect.stringMatching(/^x{64}: unknown, /)]],
  ['text', ['arguments: should be an object']],
])('%j: %j', (value, expected) => {
  expect(linesFor(value)).toEqual(expected);
});

test('a tool without arguments says so', () => {
  const { error } = z.strictObject({}).safeParse({ options: 1, temperature: 1 });
  expect(badArgumentLines(error!, [])).toEqual([
    'options: unknown, this tool takes no arguments',
    'temperature: unknown, this tool takes no arguments',
  ]);
});

test.each([
  [20, undefined],
  [21, 'and more: 21 mistakes in all'],
  [500, 'and more: 500 mistakes in all'],
])('of %i mistakes, twenty are listed, with the total', (count, last) => {
  const keys = Array.from({ length: count }, (_, index) => `key${index}`);
  const list = Array.from({ length: count }, (_, index) => [`item ${index}`]);
  for (const value of [
    { model: 'm', ...Object.fromEntries(keys.map((key) => [key, 1])) },
    { model: 'm', list },
  ]) {
    const lines = linesFor(value);
    expect(lines).toHaveLength(last === undefined ? 20 : 21);
    expect(lines.at(20)).toBe(last);
  }
});

test('a repeated mistake gives one line', () => {
  const error = new z.ZodError(
    Array.from({ length: 3 }, () => ({ code: 'custom', path: ['a'], message: 'no', input: 1 })),
  );
  expect(badArgumentLines(error, ['a'])).toEqual(['a: no']);
});
