import { describe, expect, test } from 'vitest';
import { cut, textCutter } from './cut-texts.ts';

/** Each character is a token. */
const byLength = (text: string) => text.length;

describe('one text', () => {
  test('is not cut if it fits or has the minimum length', () => {
    expect(cut('x'.repeat(100), 100, 10, byLength)).toBe('x'.repeat(100));
    expect(cut('x'.repeat(10), 0, 10, byLength)).toBe('x'.repeat(10));
  });

  test('is cut to what fits if it is too long, and says how much is shown', () => {
    const [, shown = '', length] =
      /^(x+)\n\[cut: (\d+) of 1000 characters\]$/.exec(cut('x'.repeat(1000), 100, 10, byLength)) ?? [];
    expect(shown.length).toBe(Number(length));
    expect(shown.length).toBeLessThanOrEqual(100);
    expect(shown.length).toBeGreaterThan(90);
  });

  test('keeps the minimum length, however many tokens that takes', () => {
    expect(cut('x'.repeat(1000), 0, 10, byLength)).toBe(`${'x'.repeat(10)}\n[cut: 10 of 1000 characters]`);
  });

  test('includes the skipped characters in its count', () => {
    expect(cut('x'.repeat(1000), 0, 10, byLength, 50)).toContain('[cut: 60 of 1050 characters]');
  });

  test('is not cut inside a character', () => {
    expect(cut(`x${'🦙'.repeat(100)}`, 0, 10, byLength)).toBe(`x${'🦙'.repeat(4)}\n[cut: 9 of 201 characters]`);
    expect(cut('🦙'.repeat(100), 0, 10, byLength)).toContain('[cut: 10 of 200 characters]');
    for (const [before, shown] of [
      ['x'.repeat(9), 9],
      ['x'.repeat(8), 10],
    ] as const)
      expect(cut(`${before}🦙${'x'.repeat(100)}`, 0, 10, byLength)).toContain(`\n[cut: ${shown} of`);
    for (const character of ['\u{10000}', '\u{10ffff}'])
      expect(cut(`x${character.repeat(100)}`, 0, 10, byLength)).toContain('[cut: 9 of 201 characters]');
  });
});

describe('several texts', () => {
  const shownOf = (texts: string[], maxTokens: number) => {
    const cutter = textCutter(texts, maxTokens, 1, byLength);
    return texts.map((text) => cutter(text).split('\n[cut')[0]?.length);
  };

  test('are not cut if they fit together', () => {
    expect(shownOf(['x'.repeat(40), 'x'.repeat(60)], 100)).toEqual([40, 60]);
  });

  test.each([[[20, 500, 500]], [[500, 20, 500]], [[500, 500, 20]]])(
    'give the unused share of short ones to the others: %j',
    (lengths) => {
      const shown = shownOf(
        lengths.map((length) => 'x'.repeat(length)),
        220,
      );
      for (const [index, length] of shown.entries()) {
        // Each has a hundred tokens; the mark takes sixteen of them.
        const [least, most] = lengths[index] === 20 ? [20, 20] : [76, 84];
        expect(length).toBeGreaterThanOrEqual(least);
        expect(length).toBeLessThanOrEqual(most);
      }
    },
  );

  test('keep their beginnings if there is no room', () => {
    expect(shownOf(['xyz', 'xyz'], 0)).toEqual([1, 1]);
  });
});
