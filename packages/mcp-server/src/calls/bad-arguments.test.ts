import { expect, test } from 'vitest';
import * as z from 'zod';
import { badArgumentLines } from './bad-arguments.ts';

const schema = z.strictObject({
  model: z.string(),
  count: z.number().int().max(9).optional(),
  list: z.array(z.object({ kind: z.enum(['a', 'b']) })).optional(),
  either: z.union([z.boolean(), z.enum(['low', 'high'])]).optional(),
  options: z.looseObject({ seed: z.number().int().optional() }).optional(),
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
  [{ model: 'm', xyz: 1 }, ['xyz: unknown, arguments are model, count, list, either, options']],
  ['text', ['arguments: should be an object']],
])('%j: %j', (value, expected) => {
  expect(linesFor(value)).toEqual(expected);
});
