/** The one place that knows the server of the MCP SDK. */
import type { JSONRPCRequest, Result, Server, ServerContext } from '@modelcontextprotocol/server';
import { plainText } from '../tools/plain-text.ts';
import { version } from '../version.ts';
import { takesStructure, withoutSchema, withoutStructure } from './by-revision.ts';
import { callExtras, scopesOf } from './call-extras.ts';
import { type CompletionReference, complete } from './completion.ts';
import { LegacyServer } from './legacy-server.ts';
import type { McpServer } from './mcp-server.ts';
import { showsPages } from './models-page.ts';

const info = { name: 'ollama-toolbelt', title: 'Ollama Toolbelt', version };

const METHOD_NOT_FOUND = -32601;

/** A server of the SDK around our own. `connect` it to a transport. */
export function createSdkServer(mcp: McpServer): Server {
  const server = new LegacyServer(info, {
    capabilities: { tools: {}, resources: {}, prompts: {}, completions: {} },
    instructions: mcp.instructions,
    // Only answers to elicitation are checked with it, and those to ours have no fields: building ajv costs start time.
    jsonSchemaValidator: {
      getValidator: () => (value) => ({ valid: true, data: value as never, errorMessage: undefined }),
    },
  });
  // Handlers set by `setRequestHandler` check each call twice and answer a malformed one with raw validator output.
  server.fallbackRequestHandler = (request, context) =>
    answer(request, context).catch((error: unknown) => {
      // It may repeat what the client or a server wrote.
      if (error instanceof Error) error.message = plainText(error.message);
      throw error;
    });
  const answer = async ({ method, params }: JSONRPCRequest, context: ServerContext): Promise<Result> => {
    const { signal } = context.mcpReq;
    const client = { scopes: scopesOf(context), showsPages: showsPages(server.getClientCapabilities()) };
    switch (method) {
      case 'tools/list': {
        const tools = mcp.listTools(client);
        return { tools: takesStructure(server, context) ? tools : tools.map(withoutSchema) };
      }
      case 'tools/call': {
        const result = await mcp.calls.call(params?.['name'], params?.['arguments'], callExtras(server, context));
        return takesStructure(server, context) ? result : withoutStructure(result);
      }
      case 'resources/list':
        return { resources: mcp.listResources(client) };
      case 'resources/templates/list':
        return { resourceTemplates: mcp.resources.templates() };
      case 'resources/read':
        return { contents: await mcp.readResource(String(params?.['uri']), signal, client) };
      case 'prompts/list':
        return { prompts: mcp.prompts.list() };
      case 'prompts/get':
        return { ...mcp.prompts.get(String(params?.['name']), params?.['arguments']) };
      case 'completion/complete': {
        const { reference, typed } = completionFrom(params ?? {});
        return { completion: await complete(mcp, reference, typed, signal) };
      }
      default:
        throw Object.assign(new Error('Method not found'), { code: METHOD_NOT_FOUND });
    }
  };
  return server;
}

/** What `completion/complete` is about. What a client leaves out is empty, and nothing completes it. */
function completionFrom(params: Record<string, unknown>): { reference: CompletionReference; typed: string } {
  const ref = { ...(params['ref'] as object | undefined) } as Record<string, unknown>;
  const argument = { ...(params['argument'] as object | undefined) } as Record<string, unknown>;
  const reference =
    ref['type'] === 'ref/prompt'
      ? { prompt: String(ref['name']), argument: String(argument['name']) }
      : { uriTemplate: String(ref['uri']) };
  return { reference, typed: String(argument['value'] ?? '') };
}
