import { expect, test } from 'vitest';
import * as z from 'zod';
import { givenArguments } from './given-arguments.ts';

const input = z.strictObject({ model: z.string(), think: z.boolean().optional() });

test('null for an optional argument is nothing', () => {
  expect(givenArguments({ input }, { model: 'm', think: null })).toEqual({ model: 'm' });
});

test('everything else stays, so that it is complained of', () => {
  for (const args of [{ model: null }, { model: 'm', other: null }, { think: false }, null, [], 'x', undefined])
    expect(givenArguments({ input }, args)).toEqual(args);
});
