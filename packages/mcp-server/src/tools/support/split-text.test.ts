import { expect, test } from 'vitest';
import { splitText } from './split-text.ts';

test('pieces end at paragraphs, else at lines, sentences or anywhere', () => {
  expect(splitText('one one\n\ntwo two\nthree', 12)).toEqual([
    { text: 'one one', line: 1 },
    { text: 'two two', line: 3 },
    { text: 'three', line: 4 },
  ]);
  expect(splitText('First is here. Second is.', 18).map(({ text }) => text)).toEqual(['First is here.', 'Second is.']);
  expect(splitText('x'.repeat(25), 10).map(({ text }) => text.length)).toEqual([10, 10, 5]);
});

test('no text is lost, and each piece has the line where it begins', () => {
  const text = Array.from({ length: 200 }, (_, line) => `line ${line + 1} of the text`).join('\n');
  const pieces = splitText(text, 100);
  expect(pieces.map((piece) => piece.text).join('\n')).toBe(text);
  for (const { text, line } of pieces) expect(text.startsWith(`line ${line} `)).toBe(true);
});

test('short text is one piece, empty text has none', () => {
  expect(splitText('short', 100)).toEqual([{ text: 'short', line: 1 }]);
  expect(splitText(' \n\n ', 100)).toEqual([]);
});
