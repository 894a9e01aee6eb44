/** The one place that knows the server of the MCP SDK; transports are the business of whoever connects it. */
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import type { JSONRPCRequest } from '@modelcontextprotocol/sdk/types.js';
import type { CallExtras } from '../calls/tool-calls.ts';
import { LONGEST_TIMER } from '../calls/tool-run.ts';
import type { CompletionReference, McpServer } from './mcp-server.ts';

const METHOD_NOT_FOUND = -32601;

/** A server of the SDK around ours. `connect` it to a transport. */
export function createSdkServer(mcp: McpServer): Server {
  const server = new Server(mcp.info, {
    capabilities: { tools: {}, resources: {}, prompts: {}, completions: {} },
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
      case 'tools/call':
        return mcp.callTool(params?.['name'], params?.['arguments'], extrasOf(server, extra));
      case 'resources/list':
        return { resources: mcp.listResources() };
      case 'resources/templates/list':
        return { resourceTemplates: mcp.listResourceTemplates() };
      case 'resources/read':
        return { contents: await mcp.readResource(params?.['uri'], extra.signal) };
      case 'prompts/list':
        return { prompts: mcp.listPrompts() };
      case 'prompts/get':
        return mcp.getPrompt(params?.['name'], params?.['arguments']);
      case 'completion/complete': {
        const { reference, typed } = completionFrom(params ?? {});
        return { completion: await mcp.complete(reference, typed, extra.signal) };
      }
      default:
        throw Object.assign(new Error('Method not found'), { code: METHOD_NOT_FOUND });
    }
  };
  return server;
}

/** What `completion/complete` is about; what a client leaves out is empty, and has nothing to be completed with. */
function completionFrom(params: Record<string, unknown>): { reference: CompletionReference; typed: string } {
  const ref = { ...(params['ref'] as object | undefined) } as Record<string, unknown>;
  const argument = { ...(params['argument'] as object | undefined) } as Record<string, unknown>;
  const reference =
    ref['type'] === 'ref/prompt'
      ? { prompt: String(ref['name']), argument: String(argument['name']) }
      : { uriTemplate: String(ref['uri']) };
  return { reference, typed: String(argument['value'] ?? '') };
}

type Extra = Parameters<NonNullable<Server['fallbackRequestHandler']>>[1];

/** What a call brings along, in the words of the SDK. */
function extrasOf(server: Server, extra: Extra): CallExtras {
  const token = extra._meta?.progressToken;
  return {
    signal: extra.signal,
    ...(server.getClientCapabilities()?.elicitation?.form && { ask: (...args) => ask(server, extra, ...args) }),
    ...(token !== undefined && {
      notify: (update) => {
        extra
          .sendNotification({ method: 'notifications/progress', params: { progressToken: token, ...update } })
          // A client that has left hears nothing more.
          .catch(() => {});
      },
    }),
  };
}

/** A form without fields: to accept it is to agree. Whatever else comes back, an error too, is no agreement. */
async function ask(server: Server, { requestId }: Extra, message: string, signal: AbortSignal): Promise<boolean> {
  const params = { message, requestedSchema: { type: 'object' as const, properties: {} } };
  // A person thinks as long as it takes.
  const options = { signal, timeout: LONGEST_TIMER, relatedRequestId: requestId };
  try {
    return (await server.elicitInput(params, options)).action === 'accept';
  } catch {
    return false;
  }
}
