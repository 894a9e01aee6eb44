import type { ListedSchema } from './json-schema.ts';
import type { SchemaKind } from './offered-tools.ts';

/** Changes the listed JSON Schemas in the same way as `zod-schemas.ts` changes their zod schemas. */
export const listedSchemas: SchemaKind<ListedSchema> = {
  fieldsOf: ({ properties }) => Object.keys(properties),
  without(schema, names) {
    const left = Object.entries(schema.properties).filter(([name]) => !names.includes(name));
    return notRequired({ ...schema, properties: Object.fromEntries(left) }, names);
  },
  described(schema, texts) {
    const { properties } = schema;
    const fields = Object.entries(texts).map(([name, description]) => [name, { ...properties[name], description }]);
    return { ...schema, properties: { ...properties, ...Object.fromEntries(fields) } };
  },
  withDefaultModel(schema, model) {
    const optional = { default: model, description: 'Name of the model', type: 'string' };
    return notRequired({ ...schema, properties: { ...schema.properties, model: optional } }, ['model']);
  },
};

function notRequired({ ...schema }: ListedSchema, names: readonly string[]): ListedSchema {
  if (schema.required === undefined) return schema;
  schema.required = schema.required.filter((name) => !names.includes(name));
  if (schema.required.length === 0) delete schema.required;
  return schema;
}
