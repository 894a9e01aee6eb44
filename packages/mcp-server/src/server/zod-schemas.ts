import type * as z from 'zod';
import { modelName } from '../tools/support/model-name.ts';
import type { SchemaKind } from './offered-tools.ts';

/** Changes the zod schemas that validate calls. Strict schemas stay strict, loose ones loose. */
export const zodSchemas: SchemaKind<z.ZodObject> = {
  fieldsOf: ({ shape }) => Object.keys(shape),
  without(schema, names) {
    const mask = Object.fromEntries(names.map((name) => [name, true]));
    return schema.omit(mask as Record<string, true> & Record<number, never>);
  },
  described(schema, texts) {
    const shape: z.core.$ZodLooseShape = schema.shape;
    const fields = Object.entries(texts).map(([name, text]) => [name, (shape[name] as z.ZodType).describe(text)]);
    return schema.extend(Object.fromEntries(fields));
  },
  withDefaultModel: (schema, model) => schema.extend({ model: modelName.default(model).describe('Name of the model') }),
};
