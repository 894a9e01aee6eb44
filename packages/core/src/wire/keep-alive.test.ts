import { expect, test } from 'vitest';
import { OllamaError } from '../errors/errors.ts';
import { wireKeepAlive } from './keep-alive.ts';

test.each([
  ['5m', '5m'],
  [' 10m ', '10m'],
  ['\t1h30m\n', '1h30m'],
  ['-1m', '-1m'],
  ['+1.5s', '+1.5s'],
  ['.5h', '.5h'],
  ['1.h', '1.h'],
  ['300ms', '300ms'],
  ['10µs', '10µs'],
  [300, 300],
  [0.5, 0.5],
  ['300', 300],
  [' 300 ', 300],
  ['1.5', 1.5],
  [0, 0],
  [-0, -0],
  ['0', 0],
  [-1, -1],
  [-300, -1],
  ['-1', -1],
  ['-300', -1],
  [Number.POSITIVE_INFINITY, -1],
  [Number.NEGATIVE_INFINITY, -1],
  ['Infinity', -1],
  ['-Infinity', -1],
  [1e300, -1],
  ['9'.repeat(30), -1],
  [Number.MAX_SAFE_INTEGER, -1],
  ['', undefined],
  ['  ', undefined],
  [undefined, undefined],
  [null, undefined],
])('%j is sent as %j', (keepAlive, wire) => {
  expect(wireKeepAlive(keepAlive)).toBe(wire);
});

test.each([
  [Number.NaN],
  ['NaN'],
  ['five minutes'],
  ['5 m'],
  ['5M'],
  ['1d'],
  ['m'],
  ['-'],
  ['1m1'],
  ['1e3'],
  ['5m, please'],
  [`${'1m'.repeat(100_000)}x`],
  ['9'.repeat(400)],
  [true],
  [false],
  [{}],
  [['5m']],
  [10n],
  [new Date(0)],
])('%s is refused, by name', (keepAlive) => {
  const failed = () => wireKeepAlive(keepAlive);
  expect(failed).toThrow(OllamaError);
  expect(failed).toThrow(
    expect.objectContaining({ code: 'bad_request', option: 'keep_alive', hint: expect.stringContaining('"10m"') }),
  );
});

test.each([
  ['1.25', 1.25],
  ['.25', 0.25],
  ['9000000000', 9_000_000_000],
  [9_000_000_001, -1],
])('%s seconds are %s', (keepAlive, wire) => {
  expect(wireKeepAlive(keepAlive)).toBe(wire);
});

test('a duration may have a hundred characters', () => {
  expect(wireKeepAlive('1m'.repeat(50))).toBe('1m'.repeat(50));
  expect(() => wireKeepAlive(`1${'1m'.repeat(50)}`)).toThrow('keep_alive is not a duration.');
});
