import type * as z from 'zod';
import type { Need, Tool } from '../tools/tool.ts';
import type { DefaultModels } from './default-model.ts';
import { withDefaultModel } from './default-model.ts';
import type { Offers } from './features.ts';

/** The tools as this server offers them: without those, and without the fields, that need what it has not. */
export function offeredTools(tools: readonly Tool[], offers: Offers, models: DefaultModels): Tool[] {
  const has = (need: Need | undefined) => need === undefined || offers[need];
  return tools
    .filter(({ needs }) => has(needs))
    .map((tool) => {
      const lacking = (shape: object) => Object.keys(shape).filter((name) => !has(tool.fieldNeeds?.[name]));
      const fitted = {
        ...tool,
        input: described(without(tool.input, lacking(tool.input.shape)), offers.files ? tool.withFiles : undefined),
        output: without(tool.output, lacking(tool.output.shape)),
      };
      return withDefaultModel(fitted, models);
    });
}

/** Keeps the schema itself, strict or loose, where nothing is to go. */
function without(schema: z.ZodObject, names: readonly string[]): z.ZodObject {
  if (names.length === 0) return schema;
  const mask = Object.fromEntries(names.map((name) => [name, true]));
  return schema.omit(mask as Record<string, true> & Record<number, never>);
}

function described(schema: z.ZodObject, texts: Readonly<Record<string, string>> = {}): z.ZodObject {
  const shape: z.core.$ZodLooseShape = schema.shape;
  const fields = Object.entries(texts).map(([name, text]) => [name, (shape[name] as z.ZodType).describe(text)]);
  return fields.length === 0 ? schema : schema.extend(Object.fromEntries(fields));
}
