import { expect, test } from 'vitest';
import type * as z from 'zod';
import { ChatRequest } from '../schemas/chat.ts';
import { EmbedRequest } from '../schemas/embed.ts';
import { GenerateRequest } from '../schemas/generate.ts';
import { ShowRequest } from '../schemas/models.ts';
import { PullRequest } from '../schemas/transfers.ts';
import { optionKinds } from './option-kinds.ts';
import { wireFields, wireOptions } from './option-values.ts';

const kindsOf = (kind: string) => Object.keys(optionKinds).filter((name) => Reflect.get(optionKinds, name) === kind);
const cases = (kind: string, values: readonly (readonly [given: unknown, wire: unknown])[]) =>
  kindsOf(kind).flatMap((name) => values.map(([given, wire]) => [name, given, wire] as const));

test.each([
  ...cases('integer', [
    [2048, 2048],
    ['2048', 2048],
    [' -1 ', -1],
    [1.5, 1.5],
  ]),
  ...cases('float', [
    [0.5, 0.5],
    ['0.5', 0.5],
    ['1e-3', 0.001],
  ]),
  ...cases('boolean', [
    [true, true],
    ['true', true],
    ['False', false],
  ]),
  ...cases('strings', [
    ['x', ['x']],
    [
      ['x', 'y'],
      ['x', 'y'],
    ],
  ]),
  ['num_predict', Number.POSITIVE_INFINITY, -1] as const,
  ['of_a_newer_server', 'x', 'x'] as const,
])('%s: %j is sent as %j', (name, given, wire) => {
  expect(wireOptions({ [name]: given }, 'options')).toEqual({ [name]: wire });
});

test.each(Object.keys(optionKinds).flatMap((name) => [undefined, null].map((nothing) => [name, nothing])))(
  '%s: %j is left out',
  (name, nothing) => {
    expect(wireOptions({ [name as string]: nothing }, 'options')).toEqual({ [name as string]: nothing });
  },
);

test.each([
  ...kindsOf('integer').flatMap((name) => [
    ['12 GB', name],
    ['1.5', name],
    ['', name],
    [true, name],
    [[1], name],
    [Number.NaN, name],
  ]),
  ...kindsOf('float').flatMap((name) => [
    ['hot', name],
    [Number.POSITIVE_INFINITY, name],
    [{}, name],
    ['Infinity', name],
  ]),
  ...kindsOf('boolean').flatMap((name) => [
    ['yes', name],
    [1, name],
    ['constructor', name],
  ]),
  ...kindsOf('strings').flatMap((name) => [
    [5, name],
    [[5], name],
    [{ length: 0 }, name],
  ]),
] as [unknown, string][])('%j for %s is refused', (given, name) => {
  const refusal = { code: 'bad_request', option: name, field: `options.${name}` };
  expect(() => wireOptions({ [name]: given }, 'options')).toThrow(expect.objectContaining(refusal));
  expect(() => wireOptions({ [name]: given }, 'options')).toThrow(
    expect.objectContaining({ hint: expect.stringMatching(new RegExp(`^options\\.${name} takes (a|true) `)) }),
  );
});

test.each([['x'], [[1]], [5], [true]])('options that are %j are rejected', (options) => {
  expect(() => wireOptions(options, 'options')).toThrow(
    expect.objectContaining({ code: 'bad_request', option: 'options' }),
  );
});

test('the number and boolean fields outside the options match the schemas', () => {
  const shapes = [ChatRequest, GenerateRequest, EmbedRequest, ShowRequest, PullRequest].map(({ shape }) => shape);
  const given: [name: string, text: string, wire: boolean | number][] = Object.entries(
    Object.assign({}, ...shapes) as Record<string, z.ZodType>,
  ).flatMap(([name, schema]): [string, string, boolean | number][] => {
    const takes = (value: unknown) => schema.safeParse(value).success;
    // The method decides what `stream` is; think and keep_alive accept several kinds.
    if (name === 'stream' || takes('x') || takes('high')) return [];
    if (takes(true)) return [[name, 'true', true]];
    return takes(5) ? [[name, '5', 5]] : [];
  });
  expect(given.length).toBeGreaterThan(6);
  const request = Object.fromEntries(given.map(([name, text]) => [name, text]));
  expect(wireFields(request)).toEqual(Object.fromEntries(given.map(([name, , wire]) => [name, wire])));
});

test('a BigInt is a whole number, if JSON can carry it', () => {
  expect(wireOptions({ seed: 2048n }, 'options')).toEqual({ seed: 2048 });
  expect(() => wireOptions({ seed: 2n ** 60n }, 'options')).toThrow('options.seed');
});

test('the caller’s request is not changed', () => {
  const options = Object.freeze({ num_ctx: '2048', stop: 'x' });
  expect(wireOptions(options, 'options')).toEqual({ num_ctx: 2048, stop: ['x'] });
  expect(options).toEqual({ num_ctx: '2048', stop: 'x' });
});

test.each([
  ['num_ctx', ' +2048 ', 2048],
  ['num_ctx', '-1', -1],
  ['temperature', ' 0.75 ', 0.75],
  ['temperature', '12.', 12],
  ['temperature', '.25', 0.25],
  ['temperature', '-1e3', -1000],
  ['temperature', '1E+02', 100],
  ['temperature', '1e-2', 0.01],
  ['num_ctx', `${'0'.repeat(36)}2048`, 2048],
  ['num_predict', Number.POSITIVE_INFINITY, -1],
  ['use_mmap', ' True ', true],
])('%s: %j is sent as %j', (name, given, wire) => {
  expect(wireOptions({ [name]: given }, 'options')).toEqual({ [name]: wire });
});

test.each([
  ['num_ctx', '1 2'],
  ['num_ctx', 'x1'],
  ['num_ctx', '1x'],
  ['num_ctx', '1.5'],
  ['num_ctx', `${'0'.repeat(37)}2048`],
  ['temperature', 'x0.5'],
  ['temperature', '0.5x'],
  ['temperature', '.'],
  ['temperature', '.x'],
  ['temperature', '1e'],
  ['temperature', '1e400'],
  ['temperature', Number.NEGATIVE_INFINITY],
  ['stop', ['a', 1]],
  ['use_mmap', 1],
  ['use_mmap', 'constructor'],
])('%s does not take %j', (name, given) => {
  expect(() => wireOptions({ [name]: given }, 'options')).toThrow(`options.${name} has a value of the wrong type.`);
});

test('null as options is rejected', () => {
  expect(() => wireOptions(null, 'options')).toThrow('options has a value of the wrong type.');
});

test('only fields that change are copied, and inherited ones are ignored', () => {
  expect(wireFields({ raw: true, dimensions: 5, logprobs: undefined, truncate: null })).toEqual({});
  expect(wireFields(Object.create({ raw: 'true' }))).toEqual({});
});
