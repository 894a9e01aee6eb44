import type { Server, ServerContext } from '@modelcontextprotocol/server';
import type { McpServer } from './mcp-server.ts';
import type { Questions } from './questions.ts';

/** How a client speaks: with a handshake, up to 2025-11-25, or with all it has to say in each request. */
export type Era = 'legacy' | 'modern';

/** One request, with all that answering it takes. */
export interface Asked {
  mcp: McpServer;
  server: Server;
  era: Era;
  questions: Questions;
  params: Readonly<Record<string, unknown>>;
  context: ServerContext;
}
