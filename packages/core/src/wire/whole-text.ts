import type { CallFacts } from '../errors/call-facts.ts';
import { BYTE_ORDER_MARK, decodeUtf8, wholeText } from './ndjson.ts';

/**
 * The text of an answer that is not read in lines, out of its pieces. Each is decoded up to the last whole character by a
 * decoder that remembers nothing, which takes half of the time of one that does.
 */
export class WholeText {
  readonly #facts: CallFacts;
  readonly #texts: string[] = [];
  /** The beginning of a character. */
  #rest = new Uint8Array(0);

  constructor(facts: CallFacts) {
    this.#facts = facts;
  }

  /** @throws OllamaStreamError `bad_line` for what is not UTF-8. */
  push(piece: Uint8Array): void {
    const bytes = this.#rest.length === 0 ? piece : joined(this.#rest, piece);
    const end = endOfCharacters(bytes);
    this.#rest = bytes.slice(end);
    this.#texts.push(decodeUtf8(wholeText(), this.#facts, bytes.subarray(0, end), false));
  }

  /** All of it; nothing if it ends within a character. */
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

/** Where the last character that is whole ends. What cannot be a part of one is left for the decoder to refuse. */
function endOfCharacters(bytes: Uint8Array): number {
  for (let back = 1; back < 4; back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80 || byte > 0xf4) break;
    if (byte >= 0xc2) return lengthFrom(byte) > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

const lengthFrom = (lead: number): number => (lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2);
