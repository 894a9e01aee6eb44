import * as z from 'zod';
import { marks } from '../tools/field-marks.ts';

type JsonSchema = Record<string, unknown>;

/** JSON Schema of a tool's arguments or result. */
export type ListedSchema = JsonSchema & { type: 'object'; properties: Record<string, object>; required?: string[] };

/**
 * The JSON Schema that hosts see. Some hosts reject the whole list of tools because of one keyword, or drop fields that
 * a schema does not name. This form works with the converters of Gemini, Vertex, OpenAI, Anthropic and n8n: no
 * `$schema`, no `$ref`, `enum` instead of `const`, `{ "type": "object" }` for a free object, and
 * `additionalProperties: {}` for an object that has named properties and accepts others.
 */
export function toJsonSchema(schema: z.ZodObject): ListedSchema {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io: 'input', reused: 'inline', unrepresentable: 'any' });
  // Hosts expect `properties`, even if there are no arguments.
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
    // Some hosts only support one type per schema.
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
    // Keys are always strings in JSON.
    case 'propertyNames':
      return true;
    // `integer` is enough, without the limits of JavaScript numbers.
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

/** Zod turns types that JSON cannot express (bytes) into an empty schema, which would match everything. */
function union(members: readonly JsonSchema[]): JsonSchema {
  const real = members.filter((member) => !isEmpty(member));
  return real.length === 1 ? (real[0] ?? {}) : { anyOf: real };
}
