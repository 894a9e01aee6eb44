import { describe, expect, test } from 'vitest';
import { messageWeight, TokenEstimate, textWeight } from './token-estimate.ts';

test('starts with typical values for each script', () => {
  expect(textWeight('a'.repeat(35))).toBeCloseTo(10);
  expect(textWeight('こんにちは世界、안녕。')).toBe(11);
  expect(textWeight('Привет')).toBe(3);
  expect(textWeight('🙂')).toBe(2);
});

test('counts calls and images, and thinking if it is shown', () => {
  const message = { role: 'assistant' as const, content: 'a'.repeat(35), thinking: 'b'.repeat(70) };
  expect(messageWeight(message, false)).toBeCloseTo(14);
  expect(messageWeight(message, true)).toBeCloseTo(34);
  expect(messageWeight({ role: 'user', content: '', images: ['AQID', 'AQID'] }, true)).toBe(4 + 2 * 768);
  const tool_calls = [{ function: { name: 'look', arguments: { at: 'x'.repeat(350) } } }];
  expect(messageWeight({ role: 'assistant', content: '', tool_calls }, true)).toBeGreaterThan(104);
});

describe('the server’s count', () => {
  test('of a long prompt sets the rate', () => {
    const estimate = new TokenEstimate();
    expect(estimate.tokens(1000)).toBe(1000);
    estimate.measure(1000, 1500);
    expect(estimate.tokens(1000)).toBe(1500);
    expect(estimate.tokens(2000)).toBe(3000);
  });

  test('of a short prompt is mostly template: that part does not grow', () => {
    const estimate = new TokenEstimate();
    estimate.measure(20, 220);
    expect(estimate.tokens(20)).toBe(220);
    expect(estimate.tokens(1020)).toBe(1220);
    estimate.measure(1020, 1710);
    expect(estimate.tokens(1020)).toBe(1710);
  });

  test('is trusted only within bounds', () => {
    const estimate = new TokenEstimate();
    estimate.measure(1000, 10);
    expect(estimate.rate).toBe(0.4);
    estimate.measure(1000, 100_000);
    expect(estimate.rate).toBe(4);
  });
});
