/** Many small values take the time that their bytes do not show. More have no place in a call of a tool. */
export const MAX_JSON_VALUES = 60_000;
/** Fields of objects cost several times as much as the items of a list: each name is a new one to the parser. */
export const MAX_JSON_FIELDS = 25_000;
/** A deeper walk would run out of stack. */
export const MAX_JSON_DEPTH = 500;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;

/** Says whether a JSON text is too large in values or depth, before it is parsed: the parser cannot be interrupted. */
export class JsonSize {
  #inText = false;
  #isEscaped = false;
  #values = 0;
  #fields = 0;
  #depth = 0;
  #deepest = 0;

  /** Looks at the next bytes of the text. */
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
    // [ and {, ] and } differ in one bit.
    else if ((byte & 0xdf) === 0x5b) {
      this.#values += 1;
      this.#depth += 1;
      if (this.#depth > this.#deepest) this.#deepest = this.#depth;
    } else if ((byte & 0xdf) === 0x5d) this.#depth -= 1;
  }

  /** What is wrong with it, if anything. */
  get problem(): string | undefined {
    if (this.#values > MAX_JSON_VALUES) return `The message has more than ${MAX_JSON_VALUES} values.`;
    if (this.#fields > MAX_JSON_FIELDS) return `The message has more than ${MAX_JSON_FIELDS} fields.`;
    if (this.#deepest > MAX_JSON_DEPTH) return `The message is nested deeper than ${MAX_JSON_DEPTH} levels.`;
    return undefined;
  }
}
