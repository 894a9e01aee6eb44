/** The one place that knows the server of the MCP SDK; transports are the business of whoever connects it. */
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import type { JSONRPCRequest } from '@modelcontextprotocol/sdk/types.js';
import type { CallExtras, McpServer } from './mcp-server.ts';

const METHOD_NOT_FOUND = -32601;
/** A person thinks as long as it takes. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** A server of the SDK around ours. `connect` it to a transport. */
export function createSdkServer(mcp: McpServer): Server {
  const server = new Server(mcp.info, {
    capabilities: { tools: {} },
    instructions: mcp.instructions,
    // Only answers to elicitation are checked with it, and those to ours have no fields: building ajv costs start time.
    jsonSchemaValidator: {
      getValidator: () => (value) => ({ valid: true, data: value as never, errorMessage: undefined }),
    },
  });
  // Handlers set by `setRequestHandler` check each call twice and answer a malformed one with raw validator output.
  server.fallbackRequestHandler = async ({ method, params }: JSONRPCRequest, extra) => {
    switch (method) {
      case 'tools/list':
        return { tools: mcp.listTools() };
      case 'tools/call': {
        const token = extra._meta?.progressToken;
        const extras: CallExtras = { signal: extra.signal };
        if (server.getClientCapabilities()?.elicitation?.form) {
          extras.ask = async (message, signal) => {
            const params = { message, requestedSchema: { type: 'object' as const, properties: {} } };
            const options = { signal, timeout: LONGEST_TIMER, relatedRequestId: extra.requestId };
            return (await server.elicitInput(params, options)).action === 'accept';
          };
        }
        if (token !== undefined) {
          extras.notify = (update) => {
            extra
              .sendNotification({ method: 'notifications/progress', params: { progressToken: token, ...update } })
              // A client that has left hears nothing more.
              .catch(() => {});
          };
        }
        return mcp.callTool(params?.['name'], params?.['arguments'], extras);
      }
      default:
        throw Object.assign(new Error('Method not found'), { code: METHOD_NOT_FOUND });
    }
  };
  return server;
}
