import { estimateTokens } from './token-estimate.ts';

/** More than any result may have, so the rest of a longer text need not be counted. */
export const COUNTED_CHARACTERS = 100_000;

/** `[cut: 200 of 1000 characters]` */
const MARK_TOKENS = 16;

/**
 * Decides how much of each text is shown, so all of them fit. Short texts are not cut, and the long ones get their
 * unused share. Each text keeps its beginning, however many there are.
 *
 * @param skipped number of characters before these texts, for the mark that says how much is shown
 */
export function textCutter(
  texts: readonly string[],
  maxTokens: number,
  minCharacters: number,
  measure: (text: string) => number = estimateTokens,
  skipped = 0,
): (text: string) => string {
  // Stryker disable next-line MethodExpression: only saves the rest of the measuring
  const sizes = texts.map((text) => measure(text.slice(0, COUNTED_CHARACTERS)));
  const share = shareFor(sizes, maxTokens);
  return (text) => cut(text, share, minCharacters, measure, skipped);
}

/** How many tokens each text may have at most. */
function shareFor(sizes: readonly number[], room: number): number {
  const sorted = [...sizes].sort((a, b) => a - b);
  let rest = room;
  for (const [index, size] of sorted.entries()) {
    const share = rest / (sorted.length - index);
    if (size > share) return Math.max(share - MARK_TOKENS, 0);
    rest -= size;
  }
  return Number.POSITIVE_INFINITY;
}

/** Truncates a text to this many tokens, with a mark that says how much is shown. */
export function cut(
  text: string,
  maxTokens: number,
  minCharacters: number,
  measure = estimateTokens,
  skipped = 0,
): string {
  // Every text takes at least this many tokens per character.
  let length = Math.min(text.length, Math.max(minCharacters, Math.ceil(maxTokens / 0.24)));
  while (length > minCharacters && measure(text.slice(0, length)) > maxTokens) {
    length = Math.max(minCharacters, Math.floor(length * 0.95));
  }
  if (length === text.length) return text;
  length = wholeCharacters(text, length);
  return `${text.slice(0, length)}\n[cut: ${skipped + length} of ${skipped + text.length} characters]`;
}

/** A cut inside a surrogate pair would leave half a character. */
function wholeCharacters(text: string, length: number): number {
  const code = text.charCodeAt(length - 1);
  return code >= 0xd800 && code <= 0xdbff ? length - 1 : length;
}
