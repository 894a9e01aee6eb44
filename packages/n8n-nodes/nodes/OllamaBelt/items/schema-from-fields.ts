import type { JsonSchema } from '@ollama-toolbelt/core/neutral';

/** One row of the list of fields. */
export interface Field {
  name: string;
  type: 'string' | 'number' | 'integer' | 'boolean' | 'strings' | 'numbers' | 'enum';
  description: string;
  choices: string[];
  required: boolean;
}

export function schemaOfFields(fields: readonly Field[]): JsonSchema {
  return {
    ...objectSchema(
      fields.map(({ name, description, ...field }) => [
        name,
        { ...typeOf(field), ...(description && { description }) },
      ]),
    ),
    required: fields.filter(({ required }) => required).map(({ name }) => name),
  };
}

function typeOf({ type, choices }: Pick<Field, 'type' | 'choices'>): JsonSchema {
  if (type === 'strings') return { type: 'array', items: { type: 'string' } };
  if (type === 'numbers') return { type: 'array', items: { type: 'number' } };
  return type === 'enum' ? { type: 'string', enum: choices } : { type };
}

/** The schema of values like this one: all its fields, with their types. */
export function schemaOfExample(example: unknown): JsonSchema {
  if (Array.isArray(example))
    return { type: 'array', ...(example.length > 0 && { items: schemaOfExample(example[0]) }) };
  if (example === null) return {};
  if (typeof example === 'object') {
    return objectSchema(Object.entries(example).map(([name, value]) => [name, schemaOfExample(value)]));
  }
  // A whole number in an example, such as a price, may be a fraction in the answer.
  return { type: typeof example };
}

const objectSchema = (properties: [name: string, schema: JsonSchema][]): JsonSchema => ({
  type: 'object',
  properties: Object.fromEntries(properties),
  required: properties.map(([name]) => name),
});
