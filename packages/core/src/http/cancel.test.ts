import { expect, test } from 'vitest';
import { Cancel, realSignal } from './cancel.ts';

test('aborts once, with the first reason, and calls each listener once', () => {
  const cancel = new Cancel();
  const called: string[] = [];
  const left = () => called.push('left');
  cancel.addEventListener('abort', left);
  cancel.removeEventListener('abort', left);
  cancel.addEventListener('abort', () => called.push('a'));
  cancel.addEventListener('abort', left);
  cancel.addEventListener('abort', () => called.push('b'));
  cancel.removeEventListener('abort', left);
  // This one stops listening.
  cancel.removeEventListener('abort', left);
  expect([cancel.aborted, cancel.reason, called]).toEqual([false, undefined, []]);
  cancel.abort('first');
  cancel.abort('second');
  expect([cancel.aborted, cancel.reason, called]).toEqual([true, 'first', ['a', 'b']]);
  cancel.addEventListener('abort', () => called.push('late'));
  cancel.abort('third');
  expect(called).toEqual(['a', 'b']);
});

test('a listener may abort and add others', () => {
  const cancel = new Cancel();
  const called: string[] = [];
  cancel.addEventListener('abort', () => {
    called.push('a');
    cancel.abort('again');
    cancel.addEventListener('abort', () => called.push('b'));
  });
  cancel.abort('first');
  expect(called).toEqual(['a']);
});

test('has one real signal, whether it is requested before the abort or after', () => {
  const [early, late] = [new Cancel(), new Cancel()];
  const { signal } = early;
  expect(early.signal).toBe(signal);
  expect(signal.aborted).toBe(false);
  early.abort('reason');
  late.abort('reason');
  for (const one of [early.signal, late.signal]) expect([one.aborted, one.reason]).toEqual([true, 'reason']);
  expect(realSignal(early)).toBe(signal);
  const { signal: real } = new AbortController();
  expect(realSignal(real)).toBe(real);
});
