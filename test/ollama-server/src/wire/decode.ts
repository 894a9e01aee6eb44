import type { BodyOf } from './bodies.ts';
import { parseKeepAlive } from './go-duration.ts';
import { GoSyntaxError, parseFirstValue } from './go-scan.ts';
import { type Fields, type Kind, type RequestType, requestTypes } from './go-types.ts';
import { isObject, type JsonObject } from './json.ts';
import { WireError } from './wire-error.ts';

/** Parses a body as the server's Go types do, with their error messages. Field names are case-insensitive. */
export function decodeBody<T extends RequestType>(text: string, type: T): BodyOf[T] {
  const parsed = parse(text);
  if (parsed === undefined) throw new WireError(400, 'missing request body');
  const reader = new Reader(type);
  const body = reader.struct(parsed.value, requestTypes[type], [], `api.${type}`);
  if (reader.failure !== undefined) throw new WireError(400, reader.failure);
  if (isObject(body) && (body['model'] === undefined || body['model'] === '')) body['model'] = body['name'] ?? '';
  return body as unknown as BodyOf[T];
}

function parse(text: string): { value: unknown } | undefined {
  try {
    return parseFirstValue(text);
  } catch (error) {
    if (error instanceof GoSyntaxError) throw new WireError(400, error.message);
    throw error;
  }
}

const kindOf = (value: unknown): string =>
  Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;

class Reader {
  /** Go continues after a wrong type and reports the first. */
  failure: string | undefined;
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  struct(value: unknown, fields: Fields, path: readonly string[], go: string): JsonObject | undefined {
    if (!isObject(value)) {
      if (value !== null) this.#mismatch(kindOf(value), path, go);
      return path.length === 0 ? {} : undefined;
    }
    const names = new Map(Object.keys(fields).map((name) => [name.toLowerCase(), name]));
    const result: JsonObject = {};
    for (const [key, item] of Object.entries(value)) {
      const name = names.get(key.toLowerCase());
      if (name === undefined || item === null) continue;
      const read = this.#field(item, fields[name]!, [...path, name]);
      if (read !== undefined) result[name] = read;
    }
    return result;
  }

  #field(value: unknown, kind: Kind, path: readonly string[]): unknown {
    switch (kind.is) {
      case 'any':
        return value;
      case 'string':
        return typeof value === 'string' ? value : this.#mismatch(kindOf(value), path, 'string');
      case 'bool':
        return typeof value === 'boolean' ? value : this.#mismatch(kindOf(value), path, 'bool');
      case 'int':
        if (Number.isInteger(value)) return value;
        return this.#mismatch(typeof value === 'number' ? `number ${value}` : kindOf(value), path, 'int');
      case 'float':
        return typeof value === 'number' ? value : this.#mismatch(kindOf(value), path, 'float64');
      case 'map':
        return isObject(value) ? value : this.#mismatch(kindOf(value), path, 'map[string]interface {}');
      case 'strings':
        return this.#stringMap(value, path);
      case 'list':
        if (!Array.isArray(value)) return this.#mismatch(kindOf(value), path, kind.go);
        return value.map((item) => this.#field(item, kind.of, path)).filter((item) => item !== undefined);
      case 'struct':
        return this.struct(value, kind.fields, path, kind.go);
      case 'bytes':
        return typeof value === 'string' ? this.#base64(value) : this.#mismatch(kindOf(value), path, '[]uint8');
      case 'arguments':
        // The parser of arguments is not Go's own; this is its message for anything that is not an object.
        if (isObject(value)) return value;
        return this.#fail("Value looks like object, but can't find closing '}' symbol");
      case 'keep_alive':
        return this.#attempt(() => parseKeepAlive(value));
      case 'think':
        return this.#think(value);
      default:
        return kind satisfies never;
    }
  }

  #stringMap(value: unknown, path: readonly string[]): unknown {
    if (!isObject(value)) return this.#mismatch(kindOf(value), path, 'map[string]string');
    for (const item of Object.values(value)) if (typeof item !== 'string') this.#mismatch(kindOf(item), path, 'string');
    return value;
  }

  #think(value: unknown): unknown {
    if (typeof value === 'boolean') return value;
    if (typeof value !== 'string')
      return this.#fail('think must be a boolean or string ("high", "medium", "low", "max", true, or false)');
    if (['high', 'medium', 'low', 'max'].includes(value)) return value;
    return this.#fail(`invalid think value: "${value}" (must be "high", "medium", "low", "max", true, or false)`);
  }

  #base64(text: string): string | undefined {
    const bad = text.search(/[^A-Za-z0-9+/\r\n]/);
    const padding = bad === -1 ? '' : text.slice(bad);
    if (bad !== -1 && !/^={1,2}\s*$/.test(padding)) return this.#fail(`illegal base64 data at input byte ${bad}`);
    const clean = text.replace(/\s/g, '');
    if (clean.length % 4 === 0) return text;
    return this.#fail(`illegal base64 data at input byte ${clean.length - (clean.length % 4)}`);
  }

  #attempt<T>(read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      return this.#fail((error as Error).message);
    }
  }

  #mismatch(found: string, path: readonly string[], go: string): undefined {
    const place = path.length === 0 ? 'value' : `struct field ${this.#root}.${path.join('.')}`;
    return this.#fail(`json: cannot unmarshal ${found} into Go ${place} of type ${go}`);
  }

  #fail(message: string): undefined {
    this.failure ??= message;
    return undefined;
  }
}
