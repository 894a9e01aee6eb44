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
  _meta?: { ui: { resourceUri: string } };
}

/** The tools as clients see them, with a page where there is one. The schemas are made when the list is asked for, and once. */
export function toolList(tools: readonly Tool[]): (pageUri?: string) => readonly ListedTool[] {
  let list: readonly ListedTool[] | undefined;
  const withPage = new Set(tools.filter(({ hasPage }) => hasPage).map(({ name }): string => name));
  return (pageUri) => {
    list ??= tools.map(({ name, title, description, input, output, annotations }) => ({
      name,
      title,
      description,
      inputSchema: toJsonSchema(input),
      outputSchema: toJsonSchema(output),
      annotations,
    }));
    if (pageUri === undefined) return list;
    const _meta = { ui: { resourceUri: pageUri } };
    return list.map((tool) => (withPage.has(tool.name) ? { ...tool, _meta } : tool));
  };
}
