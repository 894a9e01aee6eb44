import type { CallFacts } from '../errors/call-facts.ts';

const NEWLINE = 0x0a;

/** Gets each value of a line and the length of that line; returns false to stop. */
type TakeValue = (value: unknown, characters: number) => boolean;

/** Shared by all bodies, since a decoder is expensive to create. It has no state: it only decodes complete texts. */
let wholeDecoder: TextDecoder | undefined;

export function wholeText(): TextDecoder {
  wholeDecoder ??= new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  return wholeDecoder;
}

export const BYTE_ORDER_MARK = 0xfeff;

/**
 * Takes bytes and returns the JSON values of the lines that ended in them. Lines may be split anywhere, even in the
 * middle of a character. CRLF, blank lines, a byte order mark and a missing final newline are accepted. The time is
 * linear in the bytes, however long a line is.
 *
 * Values are returned one by one, so all values before a bad line arrive, however the bytes were split.
 *
 * @throws OllamaStreamError `bad_line` for a line that is not valid JSON or UTF-8, `line_too_long` past `maxLineBytes`.
 */
export class LineReader {
  readonly #maxLineBytes: number;
  readonly #facts: CallFacts;
  /** Created for the first bytes that do not end with a newline. */
  #decoder: TextDecoder | undefined;
  /** The beginning of the current line, in pieces that are joined once, when it ends. */
  #pieces: string[] = [];
  #pendingBytes = 0;
  #count = 0;
  #isFirst = true;

  constructor(maxLineBytes: number, facts: CallFacts) {
    this.#maxLineBytes = maxLineBytes;
    this.#facts = facts;
  }

  push(bytes: Uint8Array, take: TakeValue): void {
    // If everything fits in one line, no line of it can be too long.
    const fits = this.#pendingBytes + bytes.length <= this.#maxLineBytes;
    if (fits) this.#read(bytes, take);
    else this.#readCounting(bytes, take);
  }

  /** The value of a last line without a newline, if there is one. A truncated line has no value. */
  end(take: TakeValue): void {
    const line = this.#take('');
    if (isBlank(line) || (this.#decoder && endsInCharacter(this.#decoder))) return;
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      if (!isCutJson(line)) throw notJson(this.#facts, this.#count + 1, line);
      return;
    }
    take(value, line.length);
  }

  #readCounting(bytes: Uint8Array, take: TakeValue): void {
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
      this.#check(this.#pendingBytes + end - start);
      if (!this.#read(bytes.subarray(start, end + 1), take)) return;
      start = end + 1;
    }
    this.#check(this.#pendingBytes + bytes.length - start);
    this.#read(bytes.subarray(start), take);
  }

  /** @returns whether more values are wanted */
  #read(bytes: Uint8Array, take: TakeValue): boolean {
    if (bytes.length === 0) return true;
    const lastNewline = bytes.lastIndexOf(NEWLINE);
    const text = this.#textOf(bytes, lastNewline);
    this.#pendingBytes = lastNewline < 0 ? this.#pendingBytes + bytes.length : bytes.length - lastNewline - 1;
    let start = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      const line = this.#take(text.slice(start, end));
      start = end + 1;
      if (!isBlank(line) && !take(this.#parse(line), line.length)) return false;
    }
    if (start < text.length) this.#pieces.push(start === 0 ? text : text.slice(start));
    return true;
  }

  /** Pieces of complete lines, the usual case, need no decoder that remembers half a character. */
  #textOf(bytes: Uint8Array, lastNewline: number): string {
    if (this.#decoder || lastNewline !== bytes.length - 1) {
      this.#decoder ??= new TextDecoder('utf-8', { fatal: true, ignoreBOM: !this.#isFirst });
      this.#isFirst = false;
      return decodeUtf8(this.#decoder, this.#facts, bytes);
    }
    const text = decodeUtf8(wholeText(), this.#facts, bytes, false);
    const hasMark = this.#isFirst && text.charCodeAt(0) === BYTE_ORDER_MARK;
    this.#isFirst = false;
    return hasMark ? text.slice(1) : text;
  }

  #take(end: string): string {
    if (this.#pieces.length === 0) return end;
    this.#pieces.push(end);
    const line = this.#pieces.join('');
    this.#pieces = [];
    return line;
  }

  #check(bytes: number): void {
    if (bytes > this.#maxLineBytes) throw this.#facts.errors.line_too_long(this.#facts, this.#maxLineBytes);
  }

  #parse(line: string): unknown {
    this.#count += 1;
    try {
      return JSON.parse(line);
    } catch {
      throw notJson(this.#facts, this.#count, line);
    }
  }
}

/** Whether the bytes given to a fatal decoder ended in the middle of a character. */
export function endsInCharacter(decoder: TextDecoder): boolean {
  try {
    decoder.decode();
    return false;
  } catch {
    return true;
  }
}

/** The text of these bytes, which may end in the middle of a character. The decoder must be a fatal one. */
export function decodeUtf8(decoder: TextDecoder, facts: CallFacts, bytes: Uint8Array, isPart = true): string {
  try {
    return isPart ? decoder.decode(bytes, { stream: true }) : decoder.decode(bytes);
  } catch (cause) {
    throw facts.errors.bad_line(facts, { cause });
  }
}

export const notJson = (facts: CallFacts, line: number, { length }: string) =>
  facts.errors.bad_line(facts, { line, characters: length });

/** The first character is enough for every line that holds a value, and needs no copy of the line. */
const isBlank = (line: string): boolean => (line.charCodeAt(0) <= 32 ? line.trim() === '' : line === '');

/**
 * Whether a text that is not valid JSON is the beginning of an object or a list that was truncated: brackets or quotes
 * are still open.
 */
export function isCutJson(text: string): boolean {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (inString) {
      if (character === '\\') at++;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '{' || character === '[') depth++;
    else if (character === '}' || character === ']') depth--;
  }
  return inString || depth > 0 || text.trim() === '';
}
