import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { parseOutput, wireFormat } from './json-format.ts';

describe('format as the server accepts it', () => {
  test.each([
    ['json', 'json'],
    [' JSON ', 'json'],
    ['', undefined],
    ['  ', undefined],
  ])('%j is %j', (format, wire) => {
    expect(wireFormat(format as never)).toBe(wire);
  });

  test('a JSON Schema is sent unchanged, a zod schema as JSON Schema', () => {
    const schema = { type: 'object' };
    expect(wireFormat(schema)).toBe(schema);
    expect(wireFormat(z.object({ a: z.string().default('x') }))).not.toHaveProperty('required');
  });

  test.each([[5], [true], [[]], ['yaml']])('%j is rejected by name', (format) => {
    expect(() => wireFormat(format as never, 'schema')).toThrow(
      expect.objectContaining({
        code: 'bad_request',
        message: 'schema is neither "json" nor a schema.',
        option: 'schema',
        field: 'schema',
      }),
    );
  });

  test.each([
    ['a function', () => true],
    ['an old zod', { parse: () => 1 }],
    ['a safe parser', { safeParse: () => 1 }],
    ['a standard schema', { '~standard': {} }],
    ['a schema that cannot parse', { toJSONSchema: () => ({}), '~standard': {} }],
  ])('%s cannot describe itself', (_, format) => {
    expect(() => wireFormat(format as never)).toThrow('format is a validator that cannot convert itself');
  });

  test('an error names what JSON Schema cannot express, with the reason', () => {
    expect(() => wireFormat(z.object({ at: z.date() }))).toThrow(
      expect.objectContaining({
        code: 'bad_request',
        message: 'format is a schema that cannot be converted to JSON Schema.',
        cause: expect.any(Error),
      }),
    );
  });
});

describe('an answer', () => {
  const parse = (format: unknown, text: string) => parseOutput(format as never, text, 'the answer', 'm');
  const failure = (format: unknown, text: string) => {
    try {
      parse(format, text);
    } catch (error) {
      return error;
    }
    throw new Error('it was taken');
  };

  test('is JSON, or what the schema makes of it', () => {
    expect(parse('json', '{"a":1}')).toEqual({ a: 1 });
    expect(parse({ type: 'object' }, '[1]')).toEqual([1]);
    expect(parse(z.object({ a: z.coerce.string() }), '{"a":1}')).toEqual({ a: '1' });
  });

  test('that is not JSON is kept in the error', () => {
    expect(failure('json', '{"a":')).toMatchObject({
      code: 'bad_output',
      message: 'The answer of m is not valid JSON (5 characters).',
      reason: 'not_json',
      characters: 5,
      model: 'm',
      partial: 'the answer',
    });
  });

  const checking = (validate: () => unknown) => ({
    '~standard': { version: 1, vendor: 'test', validate, jsonSchema: { input: () => ({}) } },
  });

  test.each([
    ['a field', [{ path: ['a'] }], ' at a'],
    ['an element of nested lists', [{ path: ['.a', 0, 'b', 2] }], ' at .a[0].b[2]'],
    ['a list', [{ path: [1] }], ' at [1]'],
    [
      'path segments as objects',
      [{ path: [{ key: 'a' }, { key: 0 }, { other: 1 }, null] }],
      ' at a[0].[object Object].null',
    ],
    ['the first of several', [{ path: ['a'] }, { path: ['b'] }], ' at a'],
    ['a long name', [{ path: ['x'.repeat(300)] }], ` at ${'x'.repeat(200)}`],
    ['the whole value', [{ path: [] }], ''],
    ['no path', [{}], ''],
    ['no issues', [], ''],
    ['no list', 'x', ''],
  ])('that is not valid against the schema says where: %s', (_, issues, place) => {
    expect(
      failure(
        checking(() => ({ issues })),
        '1',
      ),
    ).toMatchObject({
      message: `The answer of m is not valid against the schema${place} (1 characters).`,
      reason: 'not_schema',
    });
  });

  test('a schema may throw anything', () => {
    for (const error of [null, undefined, 'x']) {
      const schema = checking(() => {
        throw error;
      });
      expect(failure(schema, '1')).toMatchObject({ code: 'bad_output' });
    }
  });
});
