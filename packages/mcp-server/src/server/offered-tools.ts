import type * as z from 'zod';
import { modelName } from '../tools/support/model-name.ts';
import type { Need, Tool } from '../tools/tool.ts';

/** Models of calls that name none. */
export interface DefaultModels {
  chat?: string | undefined;
  embed?: string | undefined;
}

/** The tools that this server can run, without the fields that need what it does not have. */
export function offeredTools(tools: readonly Tool[], offers: ReadonlySet<Need>, models: DefaultModels): Tool[] {
  const has = (need: Need | undefined) => need === undefined || offers.has(need);
  return tools
    .filter(({ needs }) => has(needs))
    .map((tool) => {
      const lacking = (shape: object) => Object.keys(shape).filter((name) => !has(tool.fieldNeeds?.[name]));
      const fitted = {
        ...tool,
        input: described(without(tool.input, lacking(tool.input.shape)), has('files') ? tool.withFiles : undefined),
        output: without(tool.output, lacking(tool.output.shape)),
        annotations: { ...tool.annotations, readOnlyHint: tool.annotations.readOnlyHint && !mayWrite(tool, has) },
      };
      return withDefaultModel(fitted, models);
    });
}

const mayWrite = ({ fieldNeeds = {} }: Tool, has: (need: Need) => boolean) =>
  Object.values(fieldNeeds).includes('output') && has('output');

/** Keeps the schema itself, strict or loose, if nothing has to go. */
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

/** With a default model, `model` may be left out. */
function withDefaultModel(tool: Tool, models: DefaultModels): Tool {
  const model = tool.defaultModel && models[tool.defaultModel];
  if (model === undefined) return tool;
  const optional = modelName.default(model).describe('Name of the model');
  return { ...tool, input: tool.input.extend({ model: optional }) };
}
