import { isObject } from '../../shared/json.ts';

/** References of a schema to itself could go round in circles. */
const MAX_DEPTH = 64;

/**
 * What is wrong about a value by its JSON Schema; nothing if it fits. It knows the keywords that the server can hold a
 * model to; others let everything through. Validators that know all of them are as large as half of this package.
 */
export function schemaFault(value: unknown, schema: unknown, root = schema, path = '', depth = 0): string | undefined {
  if (schema === false) return `${path || 'it'} must not be there`;
  if (!isObject(schema) || depth > MAX_DEPTH) return undefined;
  const check = (inner: unknown, part: unknown, name = '') => schemaFault(inner, part, root, path + name, depth + 1);
  const must = (what: string) => `${path || 'it'} must be ${what}, not ${shown(value)}`;

  const { type, enum: choices, anyOf, oneOf, allOf, $ref } = schema;
  if (typeof $ref === 'string') {
    const fault = check(value, at(root, $ref));
    if (fault) return fault;
  }
  const types = [type ?? []].flat().map(String);
  if (types.length > 0 && !types.some((name) => isOfType(value, name))) return must(types.join(' or '));
  if (Array.isArray(choices) && !choices.some((choice) => isSame(choice, value))) {
    return must(`one of ${choices.map(shown).join(', ')}`);
  }
  if ('const' in schema && !isSame(schema['const'], value)) return must(shown(schema['const']));
  for (const part of Array.isArray(allOf) ? allOf : []) {
    const fault = check(value, part);
    if (fault) return fault;
  }
  const any = anyOf ?? oneOf;
  if (Array.isArray(any)) {
    const faults = any.map((part) => check(value, part));
    if (faults.length > 0 && faults.every((fault) => fault !== undefined)) return faults[0];
  }
  if (typeof value === 'string' || typeof value === 'number') return limitFault(value, schema, must);
  if (Array.isArray(value)) return listFault(value, schema, check, must);
  return isObject(value) ? objectFault(value, schema, check, path) : undefined;
}

type Check = (inner: unknown, part: unknown, name?: string) => string | undefined;
type Must = (what: string) => string;
type Schema = Record<string, unknown>;

function limitFault(value: string | number, schema: Schema, must: Must): string | undefined {
  const size = typeof value === 'string' ? [...value].length : value;
  const unit = typeof value === 'string' ? ' characters' : '';
  const [least, most] = unit ? [schema['minLength'], schema['maxLength']] : [schema['minimum'], schema['maximum']];
  if (typeof least === 'number' && size < least) return must(`${least}${unit} or more`);
  if (typeof most === 'number' && size > most) return must(`${most}${unit} or less`);
  const { exclusiveMinimum, exclusiveMaximum } = schema;
  if (unit === '' && typeof exclusiveMinimum === 'number' && size <= exclusiveMinimum)
    return must(`more than ${exclusiveMinimum}`);
  if (unit === '' && typeof exclusiveMaximum === 'number' && size >= exclusiveMaximum)
    return must(`less than ${exclusiveMaximum}`);
  return undefined;
}

function listFault(value: unknown[], schema: Schema, check: Check, must: Must): string | undefined {
  const { minItems, maxItems, items, prefixItems } = schema;
  if (typeof minItems === 'number' && value.length < minItems) return must(`a list of ${minItems} or more`);
  if (typeof maxItems === 'number' && value.length > maxItems) return must(`a list of ${maxItems} or fewer`);
  const first = Array.isArray(prefixItems) ? prefixItems : [];
  return firstFault(value.entries(), ([index, entry]) =>
    check(entry, index < first.length ? first[index] : items, `[${index}]`),
  );
}

function objectFault(value: Schema, schema: Schema, check: Check, path: string): string | undefined {
  const required = Array.isArray(schema['required']) ? schema['required'].map(String) : [];
  const missing = required.filter((name) => !Object.hasOwn(value, name));
  if (missing.length > 0) return `${path || 'it'} lacks ${missing.join(', ')}`;
  const properties = isObject(schema['properties']) ? schema['properties'] : {};
  return firstFault(Object.entries(value), ([name, inner]) =>
    check(
      inner,
      Object.hasOwn(properties, name) ? properties[name] : schema['additionalProperties'],
      path ? `.${name}` : name,
    ),
  );
}

function firstFault<Entry>(
  entries: Iterable<Entry>,
  faultOf: (entry: Entry) => string | undefined,
): string | undefined {
  for (const entry of entries) {
    const fault = faultOf(entry);
    if (fault) return fault;
  }
  return undefined;
}

function isOfType(value: unknown, type: string): boolean {
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'array') return Array.isArray(value);
  if (type === 'null') return value === null;
  return type === 'object' ? isObject(value) : typeof value === type;
}

/** The part of a schema that `#/$defs/name` names. */
const at = (root: unknown, reference: string): unknown =>
  reference
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>((part, key) => (isObject(part) || Array.isArray(part) ? (part as Schema)[key] : undefined), root);

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

const SHOWN_CHARACTERS = 40;

function shown(value: unknown): string {
  const json = JSON.stringify(value) ?? 'nothing';
  return json.length > SHOWN_CHARACTERS ? `${json.slice(0, SHOWN_CHARACTERS)}…` : json;
}
