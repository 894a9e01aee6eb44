/**
 * All but tabs and line ends. A carriage return by itself would let text overwrite its line in a terminal; the marks that
 * embed, override or isolate a direction let it show other words than it has.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what has to be found
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]|\r(?!\n)/g;
const LINE_ENDS = /[\n\r\u2028\u2029]/g;

const CONTROL_PICTURES = 0x2400;

/**
 * Text of a model or a server with its control characters made visible, so none can control a terminal that shows
 * it: ESC becomes "␛".
 */
export function plainText(text: string): string {
  return text.replace(CONTROLS, (character) => {
    const code = character.charCodeAt(0);
    if (code < 0x20) return String.fromCharCode(CONTROL_PICTURES + code);
    return code === 0x7f ? '␡' : '\ufffd';
  });
}

/** The same for a text that belongs into a line of ours: without line ends, it cannot add lines that we did not write. */
export const plainLine = (text: string): string =>
  plainText(text).replace(LINE_ENDS, (character) => {
    const code = character.charCodeAt(0);
    return code < 0x20 ? String.fromCharCode(CONTROL_PICTURES + code) : '\ufffd';
  });

/** What a model nests deeper would end the stack of those that write or check it. */
const MAX_DEPTH = 200;
const TOO_DEEP = `[cut: nested deeper than ${MAX_DEPTH} levels]`;

/** The same as `plainText` for each text in a value, and for its keys. What is nested too deep is a text that says so. */
export function plainValue<T>(value: T, depth = 0): T {
  if (typeof value === 'string') return plainText(value) as T;
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= MAX_DEPTH) return TOO_DEEP as T;
  // A vector has no text, and many numbers.
  if (Array.isArray(value)) {
    return (
      value.every((item) => typeof item === 'number') ? value : value.map((item) => plainValue(item, depth + 1))
    ) as T;
  }
  const entries = Object.entries(value).map(([key, inner]) => [plainText(key), plainValue(inner, depth + 1)]);
  return Object.fromEntries(entries) as T;
}
