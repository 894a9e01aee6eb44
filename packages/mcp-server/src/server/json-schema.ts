import * as z from 'zod';
import { marks } from '../tools/field-marks.ts';

type JsonSchema = Record<string, unknown>;

/** That of the arguments or the result of a tool. */
export type ListedSchema = JsonSchema & { type: 'object'; properties: Record<string, object>; required?: string[] };

/**
 * The JSON Schema that hosts see. Some refuse a whole list of tools for one keyword, or lose what a schema does not name,
 * so it has the one shape that the converters of Gemini, Vertex, OpenAI, Anthropic and n8n all take: no `$schema`, no
 * `$ref`, `enum` for `const`, `{ "type": "object" }` for a free object, and `additionalProperties: {}` beside named
 * properties of an object that takes others too.
 */
export function toJsonSchema(schema: z.ZodObject): ListedSchema {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io: 'input', reused: 'inline', unrepresentable: 'any' });
  // Without arguments there are no properties either, and hosts want to read that.
  return { properties: {}, ...plain(json), type: 'object' };
}

const isSchema = (value: unknown): value is JsonSchema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isEmpty = (value: unknown) => isSchema(value) && Object.keys(value).length === 0;

function plain(schema: JsonSchema): JsonSchema {
  const { listedAs, description } = schema;
  if (isSchema(listedAs))
    return { ...listedAs, ...(description !== '' && description !== undefined && { description }) };
  const properties = isSchema(schema['properties']) ? listedProperties(schema['properties']) : {};
  const result: JsonSchema = {};
  for (const [key, value] of Object.entries(schema)) {
    if (isLeftOff(key, value, isEmpty(properties))) continue;
    if (key === 'properties') result[key] = properties;
    else if (key === 'const') result['enum'] = [value];
    else if (key === 'anyOf' && Array.isArray(value)) Object.assign(result, union(value.filter(isSchema).map(plain)));
    // Some hosts map each schema to one type.
    else if (key === 'type' && Array.isArray(value)) result['anyOf'] = value.map((type) => ({ type }));
    else result[key] = isSchema(value) ? plain(value) : value;
  }
  return result;
}

function isLeftOff(key: string, value: unknown, isFree: boolean): boolean {
  switch (key) {
    case 'description':
      return value === '';
    case 'properties':
      return isFree;
    case 'additionalProperties':
      return typeof value === 'boolean' || (isFree && isEmpty(value));
    // A key is a string in JSON anyway.
    case 'propertyNames':
      return true;
    // `integer` says enough without the bounds of JavaScript's numbers.
    case 'minimum':
    case 'maximum':
      return Math.abs(Number(value)) === Number.MAX_SAFE_INTEGER;
    default:
      return marks.has(key);
  }
}

const listedProperties = (properties: JsonSchema): JsonSchema =>
  Object.fromEntries(
    Object.entries(properties).flatMap(([name, child]) =>
      isSchema(child) && child['unlisted'] !== true ? [[name, plain(child)]] : [],
    ),
  );

/** What JSON cannot carry (bytes) comes out of zod as an empty schema, which would make the others pointless. */
function union(members: readonly JsonSchema[]): JsonSchema {
  const real = members.filter((member) => !isEmpty(member));
  return real.length === 1 ? (real[0] ?? {}) : { anyOf: real };
}
