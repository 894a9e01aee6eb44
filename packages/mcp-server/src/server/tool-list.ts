import type { ToolAnnotations } from '../tools/tool.ts';
import type { KnownTool } from './known-tools.ts';

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

/** The tools as clients see them, with the page if there is one. */
export function toolList(tools: readonly KnownTool[]): (pageUri?: string) => readonly ListedTool[] {
  const withPage = new Set(tools.filter(({ hasPage }) => hasPage).map(({ name }): string => name));
  const list = tools.map(({ name, title, description, input, output, annotations }) => ({
    name,
    title,
    description,
    inputSchema: input,
    outputSchema: output,
    annotations,
  }));
  return (pageUri) => {
    if (pageUri === undefined) return list;
    const _meta = { ui: { resourceUri: pageUri } };
    return list.map((tool) => (withPage.has(tool.name) ? { ...tool, _meta } : tool));
  };
}
