/** Many small values take more time to parse than their bytes suggest. No tool call needs this many. */
export const MAX_JSON_VALUES = 60_000;
/** Object fields cost several times as much as list items, because the parser handles each name as new. */
export const MAX_JSON_FIELDS = 25_000;
/** Recursion into deeper values would overflow the stack. */
export const MAX_JSON_DEPTH = 500;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;

/** Checks the number and depth of values in a JSON text before it is parsed: parsing cannot be interrupted. */
export class JsonSize {
  #inText = false;
  #isEscaped = false;
  #values = 0;
  #fields = 0;
  #depth = 0;
  #deepest = 0;

  /** Adds the next bytes of the text. */
  add(bytes: Uint8Array): void {
    for (const byte of bytes) this.#step(byte);
  }

  /** The same for text. */
  addText(text: string): void {
    for (let index = 0; index < text.length; index += 1) this.#step(text.charCodeAt(index));
  }

  #step(byte: number): void {
    if (this.#inText) {
      if (this.#isEscaped) this.#isEscaped = false;
      else if (byte === BACKSLASH) this.#isEscaped = true;
      else if (byte === QUOTE) this.#inText = false;
    } else if (byte === QUOTE) this.#inText = true;
    else if (byte === COMMA) this.#values += 1;
    else if (byte === COLON) this.#fields += 1;
    // One bit tells [ from { and ] from }.
    else if ((byte & 0xdf) === 0x5b) {
      this.#values += 1;
      this.#depth += 1;
      if (this.#depth > this.#deepest) this.#deepest = this.#depth;
    } else if ((byte & 0xdf) === 0x5d) this.#depth -= 1;
  }

  /** The problem with the text, if any. */
  get problem(): string | undefined {
    if (this.#values > MAX_JSON_VALUES) return `The message has more than ${MAX_JSON_VALUES} values.`;
    if (this.#fields > MAX_JSON_FIELDS) return `The message has more than ${MAX_JSON_FIELDS} fields.`;
    if (this.#deepest > MAX_JSON_DEPTH) return `The message is nested deeper than ${MAX_JSON_DEPTH} levels.`;
    return undefined;
  }
}
