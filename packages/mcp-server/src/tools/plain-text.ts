/**
 * All except tabs and line ends. A lone carriage return could overwrite the line in a terminal. Marks that change the
 * text direction could make the text look different from what it says.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the purpose is to find them
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]|\r(?!\n)/g;
const LINE_ENDS = /[\n\r\u2028\u2029]/g;

const CONTROL_PICTURES = 0x2400;

/**
 * Makes the control characters in text from a model or server visible, so they cannot control a terminal: ESC becomes
 * "␛".
 */
export function plainText(text: string): string {
  return text.replace(CONTROLS, (character) => {
    const code = character.charCodeAt(0);
    if (code < 0x20) return String.fromCharCode(CONTROL_PICTURES + code);
    return code === 0x7f ? '␡' : '\ufffd';
  });
}

/** The same for text inside one of our lines. Also replaces line ends, so the text cannot add lines of its own. */
export const plainLine = (text: string): string =>
  plainText(text).replace(LINE_ENDS, (character) => {
    const code = character.charCodeAt(0);
    return code < 0x20 ? String.fromCharCode(CONTROL_PICTURES + code) : '\ufffd';
  });

/** Serializing or validating a deeper value would overflow the stack. */
const MAX_DEPTH = 200;
const TOO_DEEP = `[cut: nested deeper than ${MAX_DEPTH} levels]`;

/** Applies `plainText` to each text in a value, and to its keys. Replaces values nested too deep with a note. */
export function plainValue<T>(value: T, depth = 0): T {
  if (typeof value === 'string') return plainText(value) as T;
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= MAX_DEPTH) return TOO_DEEP as T;
  // Skip vectors: they have many numbers and no text.
  if (Array.isArray(value)) {
    return (
      value.every((item) => typeof item === 'number') ? value : value.map((item) => plainValue(item, depth + 1))
    ) as T;
  }
  const entries = Object.entries(value).map(([key, inner]) => [plainText(key), plainValue(inner, depth + 1)]);
  return Object.fromEntries(entries) as T;
}
