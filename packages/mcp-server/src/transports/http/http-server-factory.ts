import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { McpServer, type McpServerOptions } from '../../server/mcp-server.ts';
import { createSdkServer } from '../../server/sdk-server.ts';

/** What makes the servers behind HTTP: one for each client with sessions, else one for all requests. */
export function httpServerFactory(options: McpServerOptions): () => Server {
  if (!options.sessions) {
    const mcp = new McpServer(options);
    return () => createSdkServer(mcp);
  }
  return () => {
    const mcp = new McpServer(options);
    const server = createSdkServer(mcp);
    server.onclose = () => mcp.close();
    return server;
  };
}
