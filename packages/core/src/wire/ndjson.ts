import { type ErrorDetails, OllamaStreamError } from '../errors/errors.ts';
import { type CallFacts, failureOf, where } from '../errors/hints.ts';

const NEWLINE = 0x0a;

/**
 * Takes bytes and gives the JSON values of the lines that ended in them. Lines may be cut anywhere, in a character too;
 * CRLF, blank lines, a byte order mark and a missing last line end are fine. Time is linear in the bytes, however long a
 * line is.
 *
 * Values are given one by one, so that those before a bad line arrive, wherever the bytes were cut.
 *
 * @throws OllamaStreamError `bad_line` for a line that is not valid JSON or UTF-8, `line_too_long` past `maxLineBytes`.
 */
export class LineReader {
  readonly #decoder = new TextDecoder('utf-8', { fatal: true });
  readonly #maxLineBytes: number;
  readonly #facts: CallFacts;
  /** The beginning of the line that has not ended yet, in pieces that are joined once, when it does. */
  #pieces: string[] = [];
  #pendingBytes = 0;
  #count = 0;

  constructor(maxLineBytes: number, facts: CallFacts) {
    this.#maxLineBytes = maxLineBytes;
    this.#facts = facts;
  }

  /** Read to its end before the next bytes are pushed. */
  push(bytes: Uint8Array): Iterable<unknown> {
    // Where all of it would fit in one line, no line of it can be too long.
    const fits = this.#pendingBytes + bytes.length <= this.#maxLineBytes;
    return fits ? this.#read(bytes) : this.#readCounting(bytes);
  }

  /** The value of a last line without a line end, where there is one. A line that was cut off is none. */
  *end(): Generator<unknown, void, undefined> {
    const line = this.#take('');
    if (isBlank(line) || endsInCharacter(this.#decoder)) return;
    try {
      yield JSON.parse(line);
    } catch {
      if (!isCutJson(line)) throw notJson(this.#count + 1, line.length, this.#facts);
    }
  }

  *#readCounting(bytes: Uint8Array): Generator<unknown, void, undefined> {
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
      this.#check(this.#pendingBytes + end - start);
      yield* this.#read(bytes.subarray(start, end + 1));
      start = end + 1;
    }
    this.#check(this.#pendingBytes + bytes.length - start);
    yield* this.#read(bytes.subarray(start));
  }

  *#read(bytes: Uint8Array): Generator<unknown, void, undefined> {
    const text = decodeUtf8(this.#decoder, this.#facts, bytes);
    const lastNewline = bytes.lastIndexOf(NEWLINE);
    this.#pendingBytes = lastNewline < 0 ? this.#pendingBytes + bytes.length : bytes.length - lastNewline - 1;
    let start = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      const line = this.#take(text.slice(start, end));
      start = end + 1;
      if (!isBlank(line)) yield this.#parse(line);
    }
    if (start < text.length) this.#pieces.push(start === 0 ? text : text.slice(start));
  }

  #take(end: string): string {
    if (this.#pieces.length === 0) return end;
    this.#pieces.push(end);
    const line = this.#pieces.join('');
    this.#pieces = [];
    return line;
  }

  #check(bytes: number): void {
    if (bytes > this.#maxLineBytes) throw lineTooLong(this.#maxLineBytes, this.#facts);
  }

  #parse(line: string): unknown {
    this.#count += 1;
    try {
      return JSON.parse(line);
    } catch {
      throw notJson(this.#count, line.length, this.#facts);
    }
  }
}

/** Whether the bytes that a fatal decoder was given ended in the middle of a character. */
export function endsInCharacter(decoder: TextDecoder): boolean {
  try {
    decoder.decode();
    return false;
  } catch {
    return true;
  }
}

/** The text of these bytes. The decoder must be a fatal one. */
export function decodeUtf8(decoder: TextDecoder, facts: CallFacts, bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes, { stream: true });
  } catch (cause) {
    throw unreadable('The answer is not valid UTF-8', 'bad_line', facts, { cause });
  }
}

export const lineTooLong = (maxBytes: number, facts: CallFacts) =>
  unreadable(`A line of the answer is longer than ${maxBytes} bytes (maxLineBytes)`, 'line_too_long', facts, {
    maxBytes,
  });

/** Has no cause: the message of a SyntaxError quotes the line, which is somebody's text. */
export const notJson = (line: number, characters: number, facts: CallFacts) =>
  unreadable(`Line ${line} of the answer is not valid JSON (${characters} characters)`, 'bad_line', facts, {
    line,
    characters,
  });

function unreadable(
  what: string,
  code: 'bad_line' | 'line_too_long',
  facts: CallFacts,
  details: ErrorDetails & { cause?: unknown },
): OllamaStreamError {
  return new OllamaStreamError(`${what} (${where(facts)}).`, { ...failureOf(code, facts, 'body'), ...details });
}

/** Told from the first character for every line that holds a value, without a copy of the line. */
const isBlank = (line: string): boolean => (line.charCodeAt(0) <= 32 ? line.trim() === '' : line === '');

/** Whether a text that is not valid JSON is the beginning of an object or a list that was cut off: brackets or quotes are open. */
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
