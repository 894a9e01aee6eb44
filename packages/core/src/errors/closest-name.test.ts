import { expect, test } from 'vitest';
import { closestNames, editDistance } from './closest-name.ts';

const names = ['llama3.2:1b', 'llama3.2:3b', 'qwen3:0.6b', 'nomic-embed-text:latest', 'my/llama3.2:latest'];

test.each([
  ['llama3.2', ['llama3.2:1b', 'llama3.2:3b', 'my/llama3.2:latest']],
  ['lama3.2:1b', ['llama3.2:1b', 'llama3.2:3b']],
  ['QWEN3', ['qwen3:0.6b']],
  ['nomic-embed', ['nomic-embed-text:latest']],
  ['zzz', []],
])('the names closest to %s', (wanted, expected) => {
  expect(closestNames(wanted, names, 3)).toEqual(expected);
});

test('returns no more names than requested', () => {
  expect(closestNames('llama3.2', names, 1)).toEqual(['llama3.2:1b']);
});

test('the time does not grow with the length of the names', () => {
  const name = 'llama3.2:1b';
  expect(closestNames('l'.repeat(8_000_000), [name], 1)).toEqual([]);
  expect(closestNames('llama3', [`llama3${'x'.repeat(8_000_000)}`, name], 1)).toEqual([name]);
  expect(
    closestNames(
      'llama3',
      Array.from({ length: 1_000_000 }, () => name),
      1,
    ),
  ).toEqual([name]);
});

test.each([
  ['llama3', 'llx', false],
  ['llama3', 'llaxyzuvw', true],
  ['llama3', 'xllama3yyyyyyyyyyyyy', true],
  ['my/llama3', 'llama3', true],
  ['abcd', 'abzz', true],
  ['abcd', 'azzz', false],
])('%s and %s have something in common: %s', (wanted, name, has) => {
  expect(closestNames(wanted, [name], 1)).toEqual(has ? [name] : []);
});

test('a family counts more than letters, and ties are sorted alphabetically', () => {
  expect(closestNames('llama3', ['xlama3', 'llama3.2:70b'], 2)).toEqual(['xlama3', 'llama3.2:70b']);
  expect(closestNames('llama3', ['ylama3', 'xlama3'], 2)).toEqual(['xlama3', 'ylama3']);
  expect(closestNames('llama3', ['xxama3', 'llama3.2:1b'], 2)).toEqual(['llama3.2:1b', 'xxama3']);
});

test('names of a hundred characters are compared, longer ones are not', () => {
  const name = 'x'.repeat(100);
  expect(closestNames(name, [name], 1)).toEqual([name]);
  expect(closestNames(`${name}x`, [name], 1)).toEqual([]);
});

test.each([
  ['', '', 0],
  ['', 'abc', 3],
  ['abc', '', 3],
  ['kitten', 'sitting', 3],
  ['abc', 'acb', 2],
  ['abc', 'abc', 0],
])('from %j to %j it takes %i changes', (a, b, count) => {
  expect(editDistance(a, b)).toBe(count);
});
