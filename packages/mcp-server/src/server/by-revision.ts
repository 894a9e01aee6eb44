/** Adapts results to clients of older revisions of the protocol, and refuses those of unknown ones. */
import {
  PROTOCOL_VERSION_META_KEY,
  type Server,
  type ServerContext,
  UnsupportedProtocolVersionError,
} from '@modelcontextprotocol/server';
import type { ToolResult } from '../calls/result.ts';
import { showsPages } from './models-page.ts';
import { newestProtocol } from './protocols.ts';
import type { ListedTool } from './tool-list.ts';

/** The first revision with structured content, and output schemas in the list. */
const WITH_STRUCTURE = '2025-06-18';

/**
 * Whether a client understands structured content. An older client that passes on everything would show its model each
 * answer twice. Clients that do not name their revision get it, and so do clients that show pages, which read it.
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

/**
 * Checks the revision that a request claims. Over stdio, the SDK only does so for the first ones.
 *
 * @throws UnsupportedProtocolVersionError
 */
export function requireKnownRevision({ mcpReq }: ServerContext): void {
  const { [PROTOCOL_VERSION_META_KEY]: requested = newestProtocol } = (mcpReq.envelope ?? {}) as Record<string, string>;
  if (requested !== newestProtocol)
    throw new UnsupportedProtocolVersionError({ supported: [newestProtocol], requested });
}
