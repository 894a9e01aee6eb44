import { expect, test } from 'vitest';
import * as z from 'zod';
import { listedAs, unlisted } from '../tools/field-marks.ts';
import { toJsonSchema } from './json-schema.ts';

test('parts that JSON cannot express or hosts reject are left out', () => {
  const schema = z.object({
    bytes: z.union([z.string(), z.instanceof(Uint8Array)]).describe('text'),
    either: z.union([z.string(), z.object({ a: z.number().int() })]).optional(),
    primitive: z.union([z.string(), z.number()]),
    list: z.array(z.unknown()),
    free: z.record(z.string(), z.unknown()),
    loose: z.looseObject({}),
    open: z.looseObject({ a: z.string().optional(), b: unlisted(z.number().optional()) }).optional(),
    one: z.literal('a').optional(),
    simple: listedAs(z.union([z.string(), z.number()]).optional().describe('as text'), { type: 'string' }),
    empty: unlisted(z.strictObject({}).optional()),
    propertyNames: z.string(),
  });
  expect(toJsonSchema(schema)).toEqual({
    type: 'object',
    properties: {
      bytes: { type: 'string', description: 'text' },
      either: {
        anyOf: [{ type: 'string' }, { type: 'object', properties: { a: { type: 'integer' } }, required: ['a'] }],
      },
      primitive: { anyOf: [{ type: 'string' }, { type: 'number' }] },
      list: { type: 'array', items: {} },
      free: { type: 'object' },
      loose: { type: 'object' },
      open: { type: 'object', properties: { a: { type: 'string' } }, additionalProperties: {} },
      one: { type: 'string', enum: ['a'] },
      simple: { type: 'string', description: 'as text' },
      propertyNames: { type: 'string' },
    },
    required: ['bytes', 'primitive', 'list', 'free', 'loose', 'propertyNames'],
  });
});

test('a tool without arguments lists empty properties, and no boolean', () => {
  expect(toJsonSchema(z.strictObject({}))).toEqual({ type: 'object', properties: {} });
});

test('a field that is used twice is repeated in full', () => {
  const shared = z.object({ a: z.string() }).meta({ description: 'shared' });
  expect(JSON.stringify(toJsonSchema(z.object({ one: shared, two: shared })))).not.toContain('$ref');
});
