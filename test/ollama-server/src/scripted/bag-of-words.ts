import { createHash } from 'node:crypto';
import { shortestFloat32 } from '../llama/float32.ts';

const dimensions = 8;

/** A vector that depends only on the words: texts with common words are closer to each other. */
export function bagOfWords(text: string, wanted = 0): number[] {
  const vector = new Array<number>(wanted > 0 ? Math.min(wanted, dimensions) : dimensions).fill(0);
  for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? ['']) {
    const hash = createHash('sha256').update(word).digest();
    for (let index = 0; index < vector.length; index++) vector[index]! += hash.readInt16LE(index * 2) / 32_768;
  }
  const length = Math.hypot(...vector) || 1;
  return vector.map((value) => shortestFloat32(value / length));
}

export const countWords = (text: string): number => (text.match(/\S+/g) ?? []).length;
