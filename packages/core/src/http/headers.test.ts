import { describe, expect, test } from 'vitest';
import type { HeadersLike } from '../options.ts';
import { plainHeaders } from './headers.ts';

const read = (given: unknown) => plainHeaders(given as HeadersLike);

const invalid = 'The headers are neither an object nor a list of names and values.';
const hint =
  'headers takes an object, a Headers, a Map or a list of [name, value]. A value is text, a number, or a list of texts.';

/** A `Headers` of an old platform, which cannot be iterated. */
class OldHeaders {
  forEach(callback: (value: string, name: string) => void) {
    callback('a', 'X-One');
    callback('b', 'x-two');
  }
}

const pairs = [
  ['X-One', 'a'],
  ['x-two', 'b'],
] as const;

test.each<[string, unknown]>([
  ['an object', { 'X-One': 'a', 'x-two': 'b' }],
  ['a list', pairs],
  ['a Map', new Map(pairs)],
  ['Headers', new Headers({ 'X-One': 'a', 'x-two': 'b' })],
  ['an iterator', new Map(pairs).entries()],
  ['Headers that cannot be iterated', new OldHeaders()],
])('%s has names in lower case', (_, given) => {
  expect(read(given)).toEqual({ 'x-one': 'a', 'x-two': 'b' });
});

test('no headers are none', () => {
  for (const given of [undefined, null, {}, [], new Map()]) expect(read(given)).toEqual({});
});

test('a header may have the name of a method', () => {
  expect(read({ forEach: 'x' })).toEqual({ foreach: 'x' });
});

test('the same name again in a list adds to the header, in an object replaces it', () => {
  const again = [
    ['X-Twice', 'a'],
    ['x-twice', 'b'],
  ];
  expect(read(again)).toEqual({ 'x-twice': 'a, b' });
  expect(read(Object.fromEntries(again))).toEqual({ 'x-twice': 'b' });
});

test.each<[unknown, string]>([
  ['', ''],
  ['a', 'a'],
  [5, '5'],
  [0, '0'],
  [false, 'false'],
  [true, 'true'],
  [5n, '5'],
  [[], ''],
  [['a', 5, undefined, null, true], 'a, 5, true'],
])('the value %o is the text %j', (value, text) => {
  expect(read({ x: value })).toEqual({ x: text });
});

test('a value that is missing leaves the header out', () => {
  expect(read({ a: undefined, b: null, c: 'x' })).toEqual({ c: 'x' });
});

describe('an error', () => {
  test.each<[string, unknown]>([
    ['a text', 'x: y'],
    ['an empty text', ''],
    ['a number', 5],
    ['a function', () => {}],
    ['bytes', new Uint8Array(0)],
    ['a view of bytes', new DataView(new ArrayBuffer(1))],
    ['a list of texts', ['ab']],
    ['a list of nothing', [undefined]],
    ['a single name', [['x']]],
    ['a triple', [['x', 'a', 'b']]],
    ['a name that is not text', [[5, 'a']]],
  ])('is %s', (_, given) => {
    let error: unknown;
    try {
      read(given);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({ code: 'bad_request', message: invalid, hint });
    expect(error).not.toHaveProperty('header');
  });

  test.each<[string, unknown]>([
    ['an object', {}],
    ['a function', () => {}],
    ['a symbol', Symbol('x')],
    ['a list with an object', ['a', {}]],
    ['a list in a list', ['a', ['b']]],
  ])('is %s as a value', (_, value) => {
    expect(() => read({ 'x-One_1': value })).toThrow(
      expect.objectContaining({
        code: 'bad_request',
        message: 'The header "x-One_1" has a value that is not text.',
        hint,
        header: 'x-One_1',
      }),
    );
  });

  test.each(['é', 'x: y', 'xé', 'éx', '', 'x'.repeat(61)])('quotes no name that may be a value: %s', (name) => {
    expect(() => read({ [name]: {} })).toThrow(expect.objectContaining({ code: 'bad_request', message: invalid }));
  });

  test('quotes a name up to 60 characters', () => {
    const header = 'x'.repeat(60);
    expect(() => read({ [header]: {} })).toThrow(expect.objectContaining({ header }));
  });

  test('is a header that cannot be read', () => {
    const given = {
      get x() {
        throw new RangeError('no');
      },
    };
    expect(() => read(given)).toThrow(
      expect.objectContaining({
        code: 'bad_request',
        message: 'The object of headers cannot be read: one of its fields throws an error.',
        cause: new RangeError('no'),
      }),
    );
  });
});
