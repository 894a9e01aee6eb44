import type { CallFacts } from '../errors/call-facts.ts';
import { BYTE_ORDER_MARK, decodeUtf8, wholeText } from './ndjson.ts';

/**
 * The text of a response that is not read in lines, from its pieces. Each piece is decoded up to its last complete
 * character by a decoder without state, which takes half the time of one with state.
 */
export class WholeText {
  readonly #facts: CallFacts;
  readonly #texts: string[] = [];
  /** The beginning of an incomplete character. */
  #rest = new Uint8Array(0);

  constructor(facts: CallFacts) {
    this.#facts = facts;
  }

  /** @throws OllamaStreamError `bad_line` if it is not valid UTF-8. */
  push(piece: Uint8Array): void {
    const bytes = this.#rest.length === 0 ? piece : joined(this.#rest, piece);
    const end = endOfCharacters(bytes);
    this.#rest = bytes.slice(end);
    this.#texts.push(decodeUtf8(wholeText(), this.#facts, bytes.subarray(0, end), false));
  }

  /** The complete text; undefined if it ends in the middle of a character. */
  end(): string | undefined {
    if (this.#rest.length > 0) return undefined;
    const text = this.#texts.join('');
    return text.charCodeAt(0) === BYTE_ORDER_MARK ? text.slice(1) : text;
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(first.length + second.length);
  bytes.set(first);
  bytes.set(second, first.length);
  return bytes;
}

/** Where the last complete character ends. Bytes that cannot be part of one are left for the decoder to reject. */
function endOfCharacters(bytes: Uint8Array): number {
  for (let back = 1; back < 4; back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80 || byte > 0xf4) break;
    if (byte >= 0xc2) return lengthFrom(byte) > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

const lengthFrom = (lead: number): number => (lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2);
