import { expect, test } from 'vitest';
import { inPlainLetters, rewordErrors, rewordNotices } from './reword.ts';

test('message and hint of every error are in other letters, which can be converted back', () => {
  const source =
    'return class extends Object { constructor(message, { hint }) { super(message, 1); this.hint = hint; } }';
  const recorded: string[] = [];
  const reworded = rewordErrors(source).replace('super(', 'super(); recorded.push(');
  const Reworded = new Function('recorded', reworded)(recorded) as new (
    message: string,
    options: object,
  ) => { hint: string };
  const { hint } = new Reworded('Pull it: ollama pull m', { hint: 'Try 2' });
  expect(recorded[0]).not.toMatch(/[A-Za-z]/);
  expect([recorded[0]!, hint].map(inPlainLetters)).toEqual(['Pull it: ollama pull m', 'Try 2']);
});

test('an error class with a different shape is detected', () => {
  expect(() => rewordErrors('super(text, x)')).toThrow('mend reword.ts');
});

test.each([
  [`const a = { code: 'x', message: 'Hello' };`, 'Hello'],
  [`const message = 'Hi ' + 1, a = { code: 1, tokens: 2, message };`, 'Hi 1'],
])('the message of a notice is in other letters: %s', (text, message) => {
  const notice = new Function(`${rewordNotices('notices.ts', text)} return a;`)() as { message: string };
  expect(notice.message).not.toBe(message);
  expect(inPlainLetters(notice.message)).toBe(message);
});

test.each([`const a = { message: 'Hello' };`, `const a = { code: 'x', hint: 'Hello' };`])(
  'and nothing else: %s',
  (text) => {
    expect(rewordNotices('notices.ts', text)).toBe(text);
  },
);
