/** What clients of older revisions of the protocol get. */
import type { Server, ServerContext } from '@modelcontextprotocol/server';
import type { ToolResult } from '../calls/result.ts';
import { showsPages } from './models-page.ts';
import type { ListedTool } from './tool-list.ts';

/** The first revision that knows the structure of a result, and its schema in the list. */
const WITH_STRUCTURE = '2025-06-18';

/**
 * Whether a client knows the structure of results. One of an older revision that passes on all it gets would show its
 * model each answer twice. A client that does not say its revision gets it, and one that shows pages, which read it.
 */
export function takesStructure(server: Server, { http }: ServerContext): boolean {
  const revision = server.getNegotiatedProtocolVersion() ?? http?.req?.headers.get('mcp-protocol-version');
  const capabilities = server.getClientCapabilities();
  return !revision || revision >= WITH_STRUCTURE || (capabilities !== undefined && showsPages(capabilities));
}

export const withoutSchema = ({ outputSchema: _, ...tool }: ListedTool): Omit<ListedTool, 'outputSchema'> => tool;

export function withoutStructure({ structuredContent: _, ...result }: ToolResult): ToolResult {
  return result;
}
