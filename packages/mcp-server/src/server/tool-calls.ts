/** The code that only calls need. It is loaded with the first call. */
import { ToolCalls, type ToolCallsOptions } from '../calls/tool-calls.ts';
import { routedTool } from '../servers/routed-tool.ts';
import { tools } from '../tools/catalog/index.ts';
import type { Need } from '../tools/tool.ts';
import { type DefaultModels, offeredTools } from './offered-tools.ts';
import { zodSchemas } from './zod-schemas.ts';

interface Offer extends Omit<ToolCallsOptions, 'tools'> {
  /** Names of the tools that clients may call. */
  names: readonly string[];
  offers: ReadonlySet<Need>;
  models: DefaultModels;
}

export function toolCalls({ names, offers, models, ...options }: Offer): ToolCalls {
  const chosen = tools.filter(({ name }) => names.includes(name));
  const offered = offeredTools(zodSchemas, chosen, offers, models);
  return new ToolCalls({ ...options, tools: offered.map((tool) => routedTool(tool, options.servers)) });
}
