import { OllamaStreamError } from './errors.ts';

/**
 * Takes bytes and gives the JSON values of the lines that ended in them. Lines may be cut anywhere, in a character too;
 * CRLF, blank lines, a byte order mark and a missing last line end are fine. Time is linear in the bytes, however long a
 * line is.
 *
 * @throws OllamaStreamError `bad_line` for a line that is no JSON or no UTF-8, `line_too_long` past `maxLineBytes`.
 */
export class LineReader {
  readonly #decoder = new TextDecoder('utf-8', { fatal: true });
  readonly #maxLineBytes: number;
  /** The beginning of the line that has not ended yet, in pieces that are joined once, when it does. */
  #pieces: string[] = [];
  #pendingBytes = 0;
  #count = 0;

  constructor(maxLineBytes: number) {
    this.#maxLineBytes = maxLineBytes;
  }

  push(bytes: Uint8Array): unknown[] {
    const text = decodeUtf8(this.#decoder, bytes);
    const values: unknown[] = [];
    let start = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      const line = this.#take(text.slice(start, end));
      if (!isBlank(line)) values.push(this.#parse(line));
      start = end + 1;
    }
    if (start > 0) this.#pendingBytes = 0;
    if (start < text.length) {
      this.#pieces.push(start === 0 ? text : text.slice(start));
      this.#pendingBytes += start === 0 ? bytes.length : text.length - start;
      this.#check(this.#pendingBytes);
    }
    return values;
  }

  /** The value of a last line without a line end, where there is one. */
  end(): unknown[] {
    const line = this.#take(decodeUtf8(this.#decoder));
    return isBlank(line) ? [] : [this.#parse(line)];
  }

  #take(end: string): string {
    if (this.#pieces.length === 0) {
      this.#check(end.length);
      return end;
    }
    this.#pieces.push(end);
    this.#check(this.#pendingBytes + end.length);
    const line = this.#pieces.join('');
    this.#pieces = [];
    this.#pendingBytes = 0;
    return line;
  }

  #check(bytes: number): void {
    if (bytes > this.#maxLineBytes) throw lineTooLong(this.#maxLineBytes);
  }

  #parse(line: string): unknown {
    this.#count += 1;
    try {
      return JSON.parse(line);
    } catch {
      throw notJson(this.#count, line.length);
    }
  }
}

/** The text of these bytes, or of what is left at the end of all. The decoder must be a fatal one. */
export function decodeUtf8(decoder: TextDecoder, bytes?: Uint8Array): string {
  try {
    return bytes === undefined ? decoder.decode() : decoder.decode(bytes, { stream: true });
  } catch (cause) {
    throw new OllamaStreamError('The answer is no valid UTF-8.', { code: 'bad_line', phase: 'body', cause });
  }
}

export const lineTooLong = (maxLineBytes: number) =>
  new OllamaStreamError(`A line of the answer is longer than ${maxLineBytes} bytes (maxLineBytes).`, {
    code: 'line_too_long',
    phase: 'body',
    hint: 'Raise maxLineBytes if answers this large are expected.',
  });

/** Has no cause: the message of a SyntaxError quotes the line, which is somebody's text. */
export const notJson = (line: number, length: number) =>
  new OllamaStreamError(`Line ${line} of the answer is no JSON (${length} characters).`, {
    code: 'bad_line',
    phase: 'body',
  });

/** Told from the first character for every line that holds a value, without a copy of the line. */
const isBlank = (line: string): boolean => (line.charCodeAt(0) <= 32 ? line.trim() === '' : line === '');
