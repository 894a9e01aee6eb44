import * as z from 'zod';
import type { Tool } from '../tools/tool.ts';

/** Models that stand in where a call names none. */
export interface DefaultModels {
  chat?: string | undefined;
  embed?: string | undefined;
}

/** The tool as it is with a default model: its `model` may be left out. */
export function withDefaultModel(tool: Tool, models: DefaultModels): Tool {
  const model = tool.defaultModel && models[tool.defaultModel];
  if (model === undefined) return tool;
  const optional = z.string().default(model).describe('Name of the model');
  return { ...tool, input: tool.input.extend({ model: optional }) };
}
