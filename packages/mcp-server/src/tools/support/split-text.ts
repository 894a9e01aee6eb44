/** A piece of a file, and where it begins. */
export interface Piece {
  text: string;
  /** Line of the file, from 1. */
  line: number;
}

/** Splits a text between paragraphs if possible, else between lines, sentences, or anywhere. */
export function splitText(text: string, maxCharacters: number): Piece[] {
  const pieces: Piece[] = [];
  let start = 0;
  let line = 1;
  while (start < text.length) {
    const end = start + breakBefore(text.slice(start, start + maxCharacters + 1), maxCharacters);
    const piece = text.slice(start, end);
    const trimmed = piece.trim();
    const before = piece.slice(0, piece.length - piece.trimStart().length);
    if (trimmed !== '') pieces.push({ text: trimmed, line: line + lineEnds(before) });
    line += lineEnds(piece);
    start = end;
  }
  return pieces;
}

/** Each piece has at least half of the allowed length, except the last. */
function breakBefore(window: string, maxCharacters: number): number {
  if (window.length <= maxCharacters) return window.length;
  for (const pattern of [/\n\s*\n/g, /\n/g, /[.!?。！？]\s/g, /\s/g]) {
    const ends = [...window.slice(0, maxCharacters).matchAll(pattern)].map(
      ({ index, 0: found }) => index + found.length,
    );
    const last = ends.at(-1);
    if (last !== undefined && last >= maxCharacters / 2) return last;
  }
  return maxCharacters;
}

const lineEnds = (text: string) => text.split('\n').length - 1;
