import { estimateTokens } from './token-estimate.ts';

/** More than any result may have: what follows in a longer text need not be counted. */
export const COUNTED_CHARACTERS = 100_000;

/** `[cut: 200 of 1000 characters]` */
const MARK_TOKENS = 16;

/**
 * Says for each of some texts how much of it is shown, so all of them fit: short ones stay whole and leave their share
 * to the others. Each keeps its beginning, however many there are.
 *
 * @param skipped characters that came before these texts, for the mark that says how much is shown
 */
export function textCutter(
  texts: readonly string[],
  maxTokens: number,
  minCharacters: number,
  measure: (text: string) => number = estimateTokens,
  skipped = 0,
): (text: string) => string {
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

/** A text of no more tokens than this, which says how much of it is shown. */
export function cut(
  text: string,
  maxTokens: number,
  minCharacters: number,
  measure = estimateTokens,
  skipped = 0,
): string {
  if (text.length <= minCharacters) return text;
  // No text has fewer tokens for its length.
  let length = Math.min(text.length, Math.max(minCharacters, Math.ceil(maxTokens / 0.24)));
  while (length > minCharacters && measure(text.slice(0, length)) > maxTokens) {
    length = Math.max(minCharacters, Math.floor(length * 0.95));
  }
  if (length === text.length) return text;
  length = wholeCharacters(text, length);
  return `${text.slice(0, length)}\n[cut: ${skipped + length} of ${skipped + text.length} characters]`;
}

/** A cut in the middle of a surrogate pair would leave half a character. */
function wholeCharacters(text: string, length: number): number {
  const code = text.charCodeAt(length - 1);
  return code >= 0xd800 && code <= 0xdbff ? length - 1 : length;
}
