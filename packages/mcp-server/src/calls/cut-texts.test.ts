import { describe, expect, test } from 'vitest';
import { cut, textCutter } from './cut-texts.ts';

/** Each character is a token. */
const byLength = (text: string) => text.length;

describe('one text', () => {
  test('that fits is whole, and so is one of the least length', () => {
    expect(cut('x'.repeat(100), 100, 10, byLength)).toBe('x'.repeat(100));
    expect(cut('x'.repeat(10), 0, 10, byLength)).toBe('x'.repeat(10));
  });

  test('that is too long keeps what fits, and says how much', () => {
    const [, shown = '', length] =
      /^(x+)\n\[cut: (\d+) of 1000 characters\]$/.exec(cut('x'.repeat(1000), 100, 10, byLength)) ?? [];
    expect(shown.length).toBe(Number(length));
    expect(shown.length).toBeLessThanOrEqual(100);
    expect(shown.length).toBeGreaterThan(90);
  });

  test('keeps its least length, whatever it costs', () => {
    expect(cut('x'.repeat(1000), 0, 10, byLength)).toBe(`${'x'.repeat(10)}\n[cut: 10 of 1000 characters]`);
  });

  test('counts what came before it', () => {
    expect(cut('x'.repeat(1000), 0, 10, byLength, 50)).toContain('[cut: 60 of 1050 characters]');
  });

  test('is not cut within a character', () => {
    expect(cut(`x${'🦙'.repeat(100)}`, 0, 10, byLength)).toBe(`x${'🦙'.repeat(4)}\n[cut: 9 of 201 characters]`);
    expect(cut('🦙'.repeat(100), 0, 10, byLength)).toContain('[cut: 10 of 200 characters]');
  });
});

describe('several texts', () => {
  const shownOf = (texts: string[], maxTokens: number) => {
    const cutter = textCutter(texts, maxTokens, 1, byLength);
    return texts.map((text) => cutter(text).split('\n[cut')[0]?.length);
  };

  test('that fit together are whole', () => {
    expect(shownOf(['x'.repeat(40), 'x'.repeat(60)], 100)).toEqual([40, 60]);
  });

  test('short ones stay whole and leave their share to the others', () => {
    const [short, one = 0, other = 0] = shownOf(['x'.repeat(20), 'x'.repeat(500), 'x'.repeat(500)], 220);
    expect(short).toBe(20);
    expect(one).toBe(other);
    // Of the hundred for each, the mark takes sixteen.
    expect(one).toBeLessThanOrEqual(84);
    expect(one).toBeGreaterThan(75);
  });

  test('without room each keeps its beginning', () => {
    expect(shownOf(['xyz', 'xyz'], 0)).toEqual([1, 1]);
  });
});
