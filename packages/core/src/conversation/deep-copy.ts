import { OllamaError } from '../errors/errors.ts';

/** Deeper values could not be serialized as JSON either. */
const MAX_DEPTH = 1000;

/**
 * A deep copy of bytes and of anything that JSON can hold. `structuredClone` alone rejects proxies, which many web
 * frameworks use for state.
 *
 * @throws OllamaError `bad_request` for a value that cannot be copied.
 */
export function copyOf<T>(value: T): T {
  try {
    return copyAt(value, 0);
  } catch (cause) {
    throw new OllamaError('A message holds what cannot be copied.', {
      code: 'bad_request',
      hint: `Messages hold texts, bytes, and objects and lists of them, nested at most ${MAX_DEPTH} deep.`,
      cause,
    });
  }
}

function copyAt<T>(value: T, depth: number): T {
  if (typeof value !== 'object' || value === null) return value;
  if (depth > MAX_DEPTH) throw new RangeError('nested too deep');
  if (Array.isArray(value)) return value.map((item) => copyAt(item, depth + 1)) as T;
  if (Object.prototype.toString.call(value) !== '[object Object]') return structuredClone(value);
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, copyAt(item, depth + 1)])) as T;
}
