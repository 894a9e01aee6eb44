/** All but tabs and line ends. A carriage return by itself would let text overwrite its line in a terminal. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what has to be found
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]|\r(?!\n)/g;

const CONTROL_PICTURES = 0x2400;

/**
 * Text of a model or a server with its control characters made visible, so that none can control a terminal that shows
 * it: ESC becomes "␛".
 */
export function plainText(text: string): string {
  return text.replace(CONTROLS, (character) => {
    const code = character.charCodeAt(0);
    if (code < 0x20) return String.fromCharCode(CONTROL_PICTURES + code);
    return code === 0x7f ? '␡' : '\ufffd';
  });
}

/** The same for each text in a value. */
export function plainValue<T>(value: T): T {
  if (typeof value === 'string') return plainText(value) as T;
  if (Array.isArray(value)) return (typeof value[0] === 'number' ? value : value.map(plainValue)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [plainText(key), plainValue(inner)])) as T;
}
