import type { Server, ServerContext } from '@modelcontextprotocol/server';
import type { McpServer } from './mcp-server.ts';
import type { Questions } from './questions.ts';

/** How a client connects: with a handshake, up to 2025-11-25, or with everything in each request. */
export type Era = 'legacy' | 'modern';

/** One request, with everything needed to answer it. */
export interface Asked {
  mcp: McpServer;
  server: Server;
  era: Era;
  questions: Questions;
  params: Readonly<Record<string, unknown>>;
  context: ServerContext;
}
