import { expect, test } from 'vitest';
import { closestNames } from './closest-name.ts';

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

test('it gives no more than asked for', () => {
  expect(closestNames('llama3.2', names, 1)).toEqual(['llama3.2:1b']);
});

test('the time does not grow with the length of what is compared', () => {
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
