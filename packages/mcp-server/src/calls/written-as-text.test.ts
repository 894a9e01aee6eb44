import { expect, test } from 'vitest';
import { choiceIn, isObject, numberIn, objectIn, switchIn, twiceJsonIn } from './written-as-text.ts';

test.each([
  ['5', 5],
  [' "5" ', 5],
  ['-0.5', -0.5],
  ['+12.', 12],
  ['.25', 0.25],
  ['1e3', 1000],
  ['1E+2', 100],
  ['2.5e-1', 0.25],
  [`${'0'.repeat(39)}5`, 5],
  [`${'0'.repeat(40)}5`, undefined],
  ['', undefined],
  ['.', undefined],
  ['5x', undefined],
  ['x5', undefined],
  ['1e', undefined],
  ['5 5', undefined],
])('the number in %j is %s', (text, number) => {
  expect(numberIn(text)).toBe(number);
});

test.each([
  ['true', true],
  [' "YES" ', true],
  ['on', true],
  ['1', true],
  ['false', false],
  ['No', false],
  ['off', false],
  ['0', false],
  ['10', undefined],
  ['yes please', undefined],
  ['', undefined],
  [`${' '.repeat(37)}true`, undefined],
  [`${' '.repeat(36)}true`, true],
])('the boolean in %j is %s', (text, value) => {
  expect(switchIn(text)).toBe(value);
});

test('a choice may be in upper or lower case, and in quotes', () => {
  const choices = [5, 'Low', 'high'];
  expect([' "LOW" ', 'High'].map((text) => choiceIn(text, choices))).toEqual(['Low', 'high']);
  const others = ['medium', '5', 'lo w', 'hi"gh'];
  expect(others.map((text) => choiceIn(text, choices))).toEqual(others);
});

test.each([
  ['{"a":1}', { a: 1 }],
  [' [1] ', [1]],
  ['"{\\"a\\":1}"', { a: 1 }],
  ['"text"', undefined],
  ['5', undefined],
  ['{a', undefined],
  [`${'['.repeat(600)}${']'.repeat(600)}`, undefined],
])('the JSON in %s', (text, value) => {
  expect(twiceJsonIn(text)).toEqual(value);
});

test.each([
  [{ a: 1 }, { a: 1 }],
  ['{"a":1}', { a: 1 }],
  [[{ a: 1 }], { a: 1 }],
  ['[{"a":1}]', { a: 1 }],
  [
    [{ a: 1 }, { b: 1 }],
    [{ a: 1 }, { b: 1 }],
  ],
  ['text', 'text'],
  [[], []],
  [5, 5],
])('the object in %j', (value, object) => {
  expect(objectIn(value)).toEqual(object);
});

test('an object is neither null nor a list', () => {
  expect([{}, null, [], 'x'].map(isObject)).toEqual([true, false, false, false]);
});
