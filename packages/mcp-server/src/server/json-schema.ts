import * as z from 'zod';

type JsonSchema = Record<string, unknown>;

/**
 * The JSON Schema that hosts see. Some refuse a whole list of tools for one keyword, so it holds plain keywords only:
 * no `$schema`, no `$ref`, no empty schemas beside others.
 */
export function toJsonSchema(schema: z.ZodObject): { type: 'object' } & JsonSchema {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io: 'input', reused: 'inline', unrepresentable: 'any' });
  return { ...plain(json), type: 'object' };
}

const isSchema = (value: unknown): value is JsonSchema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isEmpty = (value: unknown) => isSchema(value) && Object.keys(value).length === 0;

function plain(schema: JsonSchema): JsonSchema {
  const result: JsonSchema = {};
  for (const [key, value] of Object.entries(schema)) {
    if ((key === 'additionalProperties' || key === 'items') && isEmpty(value)) continue;
    if (key === 'description' && value === '') continue;
    // A key is a string in JSON anyway.
    if (key === 'propertyNames') continue;
    // `integer` says enough without the bounds of JavaScript's numbers.
    if ((key === 'minimum' || key === 'maximum') && Math.abs(Number(value)) === Number.MAX_SAFE_INTEGER) continue;
    if (key === 'properties' && isSchema(value)) {
      result[key] = Object.fromEntries(
        Object.entries(value).map(([name, child]) => [name, isSchema(child) ? plain(child) : child]),
      );
    } else if (key === 'anyOf' && Array.isArray(value)) {
      Object.assign(result, union(value.filter(isSchema).map(plain)));
    } else if (key === 'type' && Array.isArray(value)) {
      // Some hosts map each schema to one type.
      result['anyOf'] = value.map((type) => ({ type }));
    } else result[key] = isSchema(value) ? plain(value) : value;
  }
  return result;
}

/** What JSON cannot carry (bytes) comes out of zod as an empty schema, which would make the others pointless. */
function union(members: readonly JsonSchema[]): JsonSchema {
  const real = members.filter((member) => !isEmpty(member));
  return real.length === 1 ? (real[0] ?? {}) : { anyOf: real };
}
