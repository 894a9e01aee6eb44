import { JsonSize } from '../tools/json-size.ts';

/** Limit for one message, including images in base64. */
export const MAX_LINE_BYTES = 10 * 1024 * 1024;
/** Kept of a message that is too long: enough to find the id of its request. */
const KEPT_BYTES = 4096;

const NEWLINE = 0x0a;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/** One line of the input, or the problem with it and its first and last bytes. */
export type Line = { text: string } | { problem: string; head: string; tail: string };

/** Splits bytes into lines, and keeps no more of a line than the limit for a message. */
export class MessageLines {
  #pieces: Buffer[] = [];
  #length = 0;
  #size = new JsonSize();
  #tail = Buffer.alloc(0);
  #isFirst = true;

  /** The lines that these bytes complete. */
  *read(bytes: Buffer): Generator<Line, void, undefined> {
    let rest = bytes;
    if (this.#isFirst && rest.length > 0) {
      this.#isFirst = false;
      if (BYTE_ORDER_MARK.every((byte, index) => rest[index] === byte)) rest = rest.subarray(BYTE_ORDER_MARK.length);
    }
    for (let end = rest.indexOf(NEWLINE); end >= 0; end = rest.indexOf(NEWLINE)) {
      this.#add(rest.subarray(0, end));
      const line = this.#take();
      if (!('text' in line) || line.text.trim() !== '') yield line;
      rest = rest.subarray(end + 1);
    }
    this.#add(rest);
  }

  #add(piece: Buffer): void {
    if (piece.length === 0) return;
    const before = this.#length;
    this.#length += piece.length;
    this.#tail = Buffer.concat([this.#tail, piece.subarray(-KEPT_BYTES)]).subarray(-KEPT_BYTES);
    if (this.#length <= MAX_LINE_BYTES) {
      this.#size.add(piece);
      this.#pieces.push(piece);
    } else if (before <= MAX_LINE_BYTES) {
      this.#pieces = [Buffer.concat([...this.#pieces, piece]).subarray(0, KEPT_BYTES)];
    }
  }

  #take(): Line {
    const whole = Buffer.concat(this.#pieces);
    const problem =
      this.#length > MAX_LINE_BYTES
        ? `The message is larger than ${MAX_LINE_BYTES / 1024 / 1024} MB.`
        : this.#size.problem;
    const tail = this.#tail.toString();
    this.#pieces = [];
    this.#length = 0;
    this.#size = new JsonSize();
    this.#tail = Buffer.alloc(0);
    return problem === undefined
      ? { text: whole.toString() }
      : { problem, head: whole.subarray(0, KEPT_BYTES).toString(), tail };
  }
}

const ID = String.raw`"id"\s*:\s*(-?\d+|"(?:[^"\\]|\\.)*")`;
const SIMPLE = String.raw`"\w+"\s*:\s*(?:"[^"\\]*"|-?\d+|true|false|null)`;
const AT_HEAD = new RegExp(String.raw`^\s*\{(?:\s*${SIMPLE}\s*,)*?\s*${ID}`);
const AT_TAIL = new RegExp(String.raw`[}\]"]\s*,\s*(?:${SIMPLE}\s*,\s*)*?${ID}\s*(?:,\s*${SIMPLE}\s*)*\}\s*$`);

/** The id of a request, from its first and last bytes; `undefined` if it cannot be found. */
export function idFrom({ head, tail }: { head: string; tail: string }): string | number | undefined {
  const [, written] = AT_HEAD.exec(head) ?? AT_TAIL.exec(tail) ?? [];
  return written === undefined ? undefined : (JSON.parse(written) as string | number);
}
