/** A piece of a file, and where it begins. */
export interface Piece {
  text: string;
  /** Line of the file, from 1. */
  line: number;
}

/** Cuts a text into pieces of at most so many characters: between paragraphs where it can, else lines, else sentences, else anywhere. */
export function cutInPieces(text: string, most: number): Piece[] {
  const pieces: Piece[] = [];
  let start = 0;
  let line = 1;
  while (start < text.length) {
    const end = start + breakBefore(text.slice(start, start + most + 1), most);
    const piece = text.slice(start, end);
    const trimmed = piece.trim();
    const before = piece.slice(0, piece.length - piece.trimStart().length);
    if (trimmed !== '') pieces.push({ text: trimmed, line: line + lineEnds(before) });
    line += lineEnds(piece);
    start = end;
  }
  return pieces;
}

/** A piece is not cut so early that half of its room is left. */
function breakBefore(window: string, most: number): number {
  if (window.length <= most) return window.length;
  for (const pattern of [/\n\s*\n/g, /\n/g, /[.!?。！？]\s/g, /\s/g]) {
    const ends = [...window.slice(0, most).matchAll(pattern)].map(({ index, 0: found }) => index + found.length);
    const last = ends.at(-1);
    if (last !== undefined && last >= most / 2) return last;
  }
  return most;
}

const lineEnds = (text: string) => text.split('\n').length - 1;
