import { OllamaError } from '../errors/errors.ts';

/** What is nested deeper could not be written as JSON either. */
const MAX_DEPTH = 1000;

/**
 * A deep copy of what JSON can hold, and of bytes. `structuredClone` alone refuses proxies, which the state of many web
 * pages is made of.
 *
 * @throws OllamaError `bad_request` for what cannot be copied.
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
