import type { Tool, ToolAnnotations } from '../tools/tool.ts';
import { toJsonSchema } from './json-schema.ts';

/** A tool as clients see it. */
export interface ListedTool {
  name: string;
  title: string;
  description: string;
  inputSchema: object;
  outputSchema: object;
  annotations: ToolAnnotations;
}

/** The tools as clients see them. The schemas are made when the list is asked for, and once. */
export function toolList(tools: readonly Tool[]): () => readonly ListedTool[] {
  let list: readonly ListedTool[] | undefined;
  return () => {
    list ??= tools.map(({ name, title, description, input, output, annotations }) => ({
      name,
      title,
      description,
      inputSchema: toJsonSchema(input),
      outputSchema: toJsonSchema(output),
      annotations,
    }));
    return list;
  };
}
