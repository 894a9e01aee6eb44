import { expect, test } from 'vitest';
import * as z from 'zod';
import { withoutRootReferences } from './schema-references.ts';

test('a reference to the root of the schema becomes one to a definition', () => {
  const tree = z.object({ value: z.string(), get children() { return z.array(tree); } }); // biome-ignore format: one line
  const schema = z.toJSONSchema(tree, { io: 'input' }) as Record<string, unknown>;
  expect(JSON.stringify(schema)).toContain('"#"');
  expect(withoutRootReferences(schema)).toEqual({
    $schema: schema['$schema'],
    $ref: '#/$defs/Root',
    $defs: {
      Root: {
        type: 'object',
        properties: {
          value: { type: 'string' },
          children: { type: 'array', items: { $ref: '#/$defs/Root' } },
        },
        required: ['value', 'children'],
      },
    },
  });
});

test('other references still point to the same place', () => {
  const schema = {
    type: 'object',
    properties: {
      a: { $ref: '#' },
      b: { $ref: '#/properties/a' },
      c: { $ref: '#/$defs/Root' },
      d: { $ref: '#/definitions/D' },
    },
    $defs: { Root: { anyOf: [{ $ref: '#' }, { type: 'null' }] } },
    definitions: { D: { $ref: '#/' } },
  };
  expect(withoutRootReferences(schema)).toEqual({
    $ref: '#/$defs/Root_',
    $defs: {
      Root: { anyOf: [{ $ref: '#/$defs/Root_' }, { type: 'null' }] },
      Root_: {
        type: 'object',
        properties: {
          a: { $ref: '#/$defs/Root_' },
          b: { $ref: '#/$defs/Root_/properties/a' },
          c: { $ref: '#/$defs/Root' },
          d: { $ref: '#/definitions/D' },
        },
      },
    },
    definitions: { D: { $ref: '#/$defs/Root_' } },
  });
});

test.each([
  { $ref: '#/$defs/N', $defs: { N: { type: 'integer' } } },
  { type: 'object', properties: { $ref: { type: 'string' } }, default: { $ref: '#' } },
  { enum: [{ $ref: '#' }] },
])('%j stays as it is', (schema) => {
  expect(withoutRootReferences(schema)).toBe(schema);
});

test('a recursive or very deep schema ends', () => {
  const cycle: Record<string, unknown> = { properties: { a: { $ref: '#' } } };
  cycle['items'] = cycle;
  expect(withoutRootReferences(cycle)).toHaveProperty('$ref', '#/$defs/Root');
  let deep: Record<string, unknown> = { $ref: '#' };
  for (let depth = 0; depth < 20_000; depth++) deep = { items: deep };
  expect(withoutRootReferences(deep)).toBe(deep);
});
