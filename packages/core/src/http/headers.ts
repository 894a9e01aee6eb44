import { OllamaError } from '../errors/errors.ts';
import { readInput } from '../errors/unexpected.ts';
import type { HeadersLike } from '../options.ts';

/**
 * Headers in any form as one object. Names are case-insensitive, so they are stored in lower case. Repeated headers in
 * a list become one, as in HTTP. `undefined` and `null` omit a header.
 *
 * @throws OllamaError `bad_request` for anything that is not headers. The error never contains a value.
 */
export function plainHeaders(given: HeadersLike | null | undefined): Record<string, string> {
  return readInput('The object of headers', () => textsOf(given));
}

function textsOf(given: HeadersLike | null | undefined): Record<string, string> {
  const headers = new Map<string, string>();
  for (const entry of entriesOf(given)) {
    if (!Array.isArray(entry) || entry.length !== 2 || typeof entry[0] !== 'string') throw badHeaders();
    const [name, value] = entry;
    const text = textOf(name, value);
    if (text === undefined) continue;
    const key = name.toLowerCase();
    const earlier = isList(given) ? headers.get(key) : undefined;
    headers.set(key, earlier === undefined ? text : `${earlier}, ${text}`);
  }
  return Object.fromEntries(headers);
}

/**
 * `Headers`, a Map, a list of pairs; otherwise the entries of an object, or of an old `Headers` that cannot be
 * iterated.
 */
function entriesOf(given: unknown): Iterable<unknown> {
  if (given === undefined || given === null) return [];
  if (typeof given !== 'object' || ArrayBuffer.isView(given)) throw badHeaders();
  if (isList(given)) return given;
  const old: { forEach?: unknown } = given;
  if (typeof old.forEach === 'function') {
    const entries: unknown[] = [];
    old.forEach((value: unknown, name: unknown) => {
      entries.push([name, value]);
    });
    return entries;
  }
  return Object.entries(given);
}

const isList = (given: unknown): given is Iterable<unknown> =>
  typeof (given as Partial<Iterable<unknown>>)[Symbol.iterator] === 'function';

function textOf(name: string, value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  if (!Array.isArray(value) || value.some(Array.isArray)) throw badHeaders(name);
  const texts = value.map((item) => textOf(name, item));
  return texts.filter((text) => text !== undefined).join(', ');
}

function badHeaders(name?: string): OllamaError {
  const header = name !== undefined && /^[\w-]{1,60}$/.test(name) ? name : undefined;
  return new OllamaError(
    header === undefined
      ? 'The headers are neither an object nor a list of names and values.'
      : `The header "${header}" has a value that is not text.`,
    {
      code: 'bad_request',
      hint: 'headers takes an object, a Headers, a Map or a list of [name, value]. A value is text, a number, or a list of texts.',
      header,
    },
  );
}
