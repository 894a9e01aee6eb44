import { expect, test } from 'vitest';
import { plainLine, plainText, plainValue } from './plain-text.ts';

test.each([
  ['plain\n\ttext\r\nGrüße 🦙', 'plain\n\ttext\r\nGrüße 🦙'],
  ['\u001b[31mred', '␛[31mred'],
  ['\u001b]0;title\u0007', '␛]0;title␇'],
  ['over\rwritten', 'over␍written'],
  ['\u0000\u0008\u007f', '␀␈␡'],
  ['\u009b31m', '\ufffd31m'],
  ['a\u202eb\u2066c', 'a\ufffdb\ufffdc'],
])('%j becomes %j', (text, expected) => {
  expect(plainText(text)).toBe(expected);
});

test('a line stays a single line', () => {
  expect(plainLine('a\nok  b\r\n\u2028\u001b[1m')).toBe('a␊ok  b␍␊\ufffd␛[1m');
});

test('cleans every text in a value, keys too, and nothing else', () => {
  const vector = [0.1, 0.2];
  const plain = plainValue({ 'a\u001b': ['\u0007', { b: null, c: true }], vector });
  expect(plain).toEqual({ 'a␛': ['␇', { b: null, c: true }], vector });
  expect(plain.vector).toBe(vector);
});
