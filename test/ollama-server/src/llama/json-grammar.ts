import { patternRule } from './pattern-grammar.ts';

type Schema = Readonly<Record<string, unknown>>;

/** The format cannot become a grammar: the schema is wrong, or the grammar is too big. */
export class GrammarError extends Error {
  override readonly name = 'GrammarError';
  readonly isTooBig: boolean;

  constructor(message: string, { isTooBig = false, ...options }: ErrorOptions & { isTooBig?: boolean } = {}) {
    super(message, options);
    this.isTooBig = isTooBig;
  }
}

const schemaError = (path: string, problem: string) => new GrammarError(`JSON schema error at ${path}: ${problem}`);

/** llama.cpp refuses to repeat a part more often. */
const MOST_REPETITIONS = 2000;

const SPACE = String.raw`| " " | "\n"{1,2} [ \t]{0,20}`;

/** Rules that other rules refer to, exactly as in llama.cpp, so a model writes the same text. */
const PRIMITIVES: Readonly<Record<string, string>> = {
  boolean: '("true" | "false") space',
  'decimal-part': '[0-9]{1,16}',
  'integral-part': '[0] | [1-9] [0-9]{0,15}',
  number: '("-"? integral-part) ("." decimal-part)? ([eE] [-+]? integral-part)? space',
  integer: '("-"? integral-part) space',
  value: 'object | array | string | number | boolean | null',
  object: '"{" space ( string ":" space value ("," space string ":" space value)* )? "}" space',
  array: '"[" space ( value ("," space value)* )? "]" space',
  uuid: String.raw`"\"" [0-9a-fA-F]{8} "-" [0-9a-fA-F]{4} "-" [0-9a-fA-F]{4} "-" [0-9a-fA-F]{4} "-" [0-9a-fA-F]{12} "\"" space`,
  char: String.raw`[^"\\\x7F\x00-\x1F] | [\\] (["\\bfnrt] | "u" [0-9a-fA-F]{4})`,
  string: String.raw`"\"" char* "\"" space`,
  null: '"null" space',
  'date-text': '[0-9]{4} "-" ( "0" [1-9] | "1" [0-2] ) "-" ( "0" [1-9] | [1-2] [0-9] | "3" [0-1] )',
  'time-text':
    '([01] [0-9] | "2" [0-3]) ":" [0-5] [0-9] ":" [0-5] [0-9] ( "." [0-9]{3} )? ( "Z" | ( "+" | "-" ) ( [01] [0-9] | "2" [0-3] ) ":" [0-5] [0-9] )',
  date: String.raw`"\"" date-text "\"" space`,
  time: String.raw`"\"" time-text "\"" space`,
  'date-time': String.raw`"\"" date-text "T" time-text "\"" space`,
};

/** The GBNF grammar of any JSON object, or of a JSON Schema; properties are in the schema's order. */
export function jsonGrammar(format: 'json' | Schema): string {
  const rules = new Rules(format === 'json' ? {} : format);
  rules.set('root', format === 'json' ? rules.use('object') : rules.of(format, 'root', '#'));
  return rules.toString();
}

class Rules {
  readonly #root: Schema;
  readonly #rules = new Map<string, string>([['space', SPACE]]);

  constructor(root: Schema) {
    this.#root = root;
  }

  set(name: string, body: string): string {
    this.#rules.set(name, body);
    return name;
  }

  /** Refers to a primitive rule, and adds it and the rules it refers to. */
  use(name: string, path = '#'): string {
    const body = PRIMITIVES[name];
    if (body === undefined) throw schemaError(path, `unrecognized type ${name}`);
    if (this.#rules.has(name)) return name;
    this.set(name, body);
    const bare = body.replace(/"(\\.|[^"\\])*"|\[(\\.|[^\]\\])*\]/g, ' ');
    for (const [part] of bare.matchAll(/[a-z][a-z-]*/g)) if (part !== 'space') this.use(part);
    return name;
  }

  /** The body of the rule for a schema. Rules it needs are added under names that begin with the given one. */
  of(schema: unknown, name: string, path: string): string {
    if (schema === true) return this.use('value');
    if (!isSchema(schema)) throw schemaError(path, `unrecognized schema ${JSON.stringify(schema)}`);
    const { type, properties, items, prefixItems, pattern } = schema;
    if (typeof schema['$ref'] === 'string') return this.#reference(schema['$ref'], path);
    for (const key of ['oneOf', 'anyOf']) {
      const choices = schema[key];
      if (Array.isArray(choices)) return this.#union(choices, name, `${path}/${key}`);
    }
    if (Array.isArray(type)) {
      return this.#union(
        type.map((one) => ({ ...schema, type: one })),
        name,
        path,
      );
    }
    if ('const' in schema) return `${literal(schema['const'])} space`;
    if (Array.isArray(schema['enum'])) return `(${schema['enum'].map(literal).join(' | ')}) space`;
    if (Array.isArray(schema['allOf']))
      return this.#object(
        merge(schema, (part) => this.#resolve(part, path)),
        name,
        path,
      );
    if (isSchema(properties) || isSchema(schema['additionalProperties'])) return this.#object(schema, name, path);
    if (Array.isArray(items) || Array.isArray(prefixItems)) {
      const key = Array.isArray(prefixItems) ? 'prefixItems' : 'items';
      const places = schema[key] as unknown[];
      const parts = places.map((place, i) => this.#named(place, `${name}-tuple-${i}`, `${path}/${key}/${i}`));
      return `"[" space ${parts.join(' "," space ')} "]" space`;
    }
    if (items !== undefined && items !== true) return this.#array(schema, name, path);
    if (type === 'array' && ('minItems' in schema || 'maxItems' in schema)) return this.#array(schema, name, path);
    if (typeof pattern === 'string' && (type === 'string' || type === undefined)) return patternRule(pattern);
    if (type === 'string') return this.#string(schema);
    if (type === undefined) return this.use('object');
    return this.use(String(type), path);
  }

  #named(schema: unknown, name: string, path: string): string {
    return this.set(name, this.of(schema, name, path));
  }

  #union(choices: readonly unknown[], name: string, path: string): string {
    return choices.map((choice, i) => this.#named(choice, `${name}-${i}`, `${path}/${i}`)).join(' | ');
  }

  #resolve(schema: unknown, path: string): unknown {
    const reference = isSchema(schema) ? schema['$ref'] : undefined;
    if (typeof reference !== 'string') return schema;
    if (!reference.startsWith('#/')) {
      const only = 'only references into the same document are supported';
      throw schemaError(path, `unsupported $ref ${reference}, ${only}`);
    }
    let at: unknown = this.#root;
    for (const part of reference.slice(2).split('/')) {
      const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
      at = (at as Record<string, unknown> | undefined)?.[key];
      if (at === undefined) throw schemaError(path, `cannot resolve $ref ${reference}, ${key} not found`);
    }
    return at;
  }

  #reference(reference: string, path: string): string {
    const name = `ref${ruleName(reference)}`;
    if (this.#rules.has(name)) return name;
    // Set first, because a schema may refer to itself.
    this.set(name, '');
    return this.#named(this.#resolve({ $ref: reference }, path), name, reference);
  }

  #string({ format, minLength, maxLength }: Schema): string {
    if (typeof format === 'string' && format in PRIMITIVES) return this.use(format);
    if (minLength === undefined && maxLength === undefined) return this.use('string');
    return String.raw`"\"" ${repeat(this.use('char'), Number(minLength ?? 0), limit(maxLength))} "\"" space`;
  }

  #array({ items, minItems, maxItems }: Schema, name: string, path: string): string {
    const item = this.#named(items ?? true, `${name}-item`, `${path}/items`);
    return `"[" space ${repeat(item, Number(minItems ?? 0), limit(maxItems), '"," space')} "]" space`;
  }

  #object(schema: Schema, name: string, path: string): string {
    const properties = isSchema(schema['properties']) ? schema['properties'] : {};
    const required = new Set(Array.isArray(schema['required']) ? schema['required'] : []);
    const pair = (key: string) => {
      const part = `${name}-${ruleName(key)}`;
      const value = this.#named(properties[key], part, `${path}/properties/${key}`);
      return this.set(`${part}-kv`, `${literal(key)} space ":" space ${value}`);
    };
    const keys = Object.keys(properties);
    const must = keys.filter((key) => required.has(key)).map(pair);
    const may = keys.filter((key) => !required.has(key)).map(pair);
    const { additionalProperties } = schema;
    if (additionalProperties === true || isSchema(additionalProperties)) {
      const value = this.#named(additionalProperties, `${name}-additional-value`, `${path}/additionalProperties`);
      const more = this.set(`${name}-additional-kv`, `${this.use('string')} ":" space ${value}`);
      may.push(this.set(`${name}-additional`, `${more} ( "," space ${more} )*`));
    }
    const tails = may.map((_, i) => this.#optional(may.slice(i), name));
    const head = must.join(' "," space ');
    if (tails.length === 0) return `"{" space ${head} "}" space`;
    const tail = tails.join(' | ');
    return `"{" space ${must.length > 0 ? `${head} ( "," space ( ${tail} ) )?` : `(${tail})?`} "}" space`;
  }

  /** The first of the pairs, and any of the following ones after it. */
  #optional([first, ...rest]: readonly string[], name: string): string {
    const following = rest.map((pair) => `( "," space ${pair} )?`).join(' ');
    return following === '' ? `${first}` : this.set(`${name}-from-${rest.length}`, `${first} ${following}`);
  }

  toString(): string {
    return Array.from(this.#rules, ([name, body]) => `${name} ::= ${body}\n`).join('');
  }
}

const isSchema = (value: unknown): value is Schema => typeof value === 'object' && value !== null;

const ruleName = (text: string) => text.replace(/[^a-zA-Z0-9-]+/g, '-');

const limit = (value: unknown) => (value === undefined ? undefined : Number(value));

/** The JSON text of a value, as a literal of the grammar. */
function literal(value: unknown): string {
  const escapes: Record<string, string> = { '\n': '\\n', '\r': '\\r', '"': '\\"', '\\': '\\\\' };
  return `"${JSON.stringify(value).replace(/[\n\r"\\]/g, (character) => escapes[character] ?? '')}"`;
}

function repeat(item: string, min: number, max: number | undefined, separator?: string): string {
  if (Math.max(min, max ?? 0) > MOST_REPETITIONS) {
    throw new GrammarError('failed to parse grammar', { isTooBig: true });
  }
  if (max === 0) return '';
  if (separator === undefined) return `${item}{${min},${max ?? ''}}`;
  const more = max === 1 ? '' : ` (${separator} ${item}){${Math.max(0, min - 1)},${max === undefined ? '' : max - 1}}`;
  return min === 0 ? `(${item}${more})?` : `${item}${more}`;
}

/** One object schema with the properties of all parts. */
function merge(schema: Schema, resolve: (part: unknown) => unknown): Schema {
  const properties: Record<string, unknown> = {};
  const required: unknown[] = [];
  for (const part of [schema, ...(schema['allOf'] as unknown[])].map(resolve)) {
    if (!isSchema(part)) continue;
    Object.assign(properties, part['properties']);
    if (Array.isArray(part['required'])) required.push(...part['required']);
  }
  return { properties, required };
}
