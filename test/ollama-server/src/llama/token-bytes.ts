import type { GgufFile } from './gguf.ts';

/** Each token's bytes. A token may be part of a character, so its text alone does not determine them. */
export type TokenBytes = (token: number) => Buffer;

/** Values of `tokenizer.ggml.token_type`. */
const CONTROL = 3;
const USER_DEFINED = 4;

export function tokenBytes({ metadata }: GgufFile): TokenBytes {
  const pieces = metadata['tokenizer.ggml.tokens'];
  if (!Array.isArray(pieces)) throw new TypeError('the model names no tokens');
  const types = metadata['tokenizer.ggml.token_type'];
  const typeOf = (token: number) => (Array.isArray(types) ? types[token] : undefined);
  const decode = metadata['tokenizer.ggml.model'] === 'gpt2' ? byteLevel() : sentencePiece;
  return (token) => {
    const piece = String(pieces[token] ?? '');
    const type = typeOf(token);
    return type === CONTROL || type === USER_DEFINED ? Buffer.from(piece) : decode(piece);
  };
}

/** GPT-2's encoding: every byte that is not a printable Latin-1 character is written as one from U+0100 on. */
function byteLevel(): (piece: string) => Buffer {
  const byteOf = new Map<string, number>();
  let next = 0x100;
  for (let byte = 0; byte < 256; byte += 1) {
    const printable = (byte > 0x20 && byte < 0x7f) || (byte > 0xa0 && byte !== 0xad);
    byteOf.set(String.fromCharCode(printable ? byte : next++), byte);
  }
  return (piece) => Buffer.from(Array.from(piece, (character) => byteOf.get(character) ?? 0x3f));
}

function sentencePiece(piece: string): Buffer {
  const byte = /^<0x([0-9A-F]{2})>$/.exec(piece)?.[1];
  return byte === undefined ? Buffer.from(piece.replaceAll('▁', ' ')) : Buffer.from(byte, 'hex');
}
