/** The one place that knows the server of the MCP SDK. */
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import type { JSONRPCRequest } from '@modelcontextprotocol/sdk/types.js';
import type { Reply } from '../calls/confirm.ts';
import type { CallExtras } from '../calls/tool-calls.ts';
import { plainText } from '../tools/plain-text.ts';
import { LONGEST_TIMER_MS } from '../tools/timer.ts';
import { version } from '../version.ts';
import { type CompletionReference, complete } from './completion.ts';
import type { McpServer } from './mcp-server.ts';

const info = { name: 'ollama-toolbelt', title: 'Ollama Toolbelt', version };

const METHOD_NOT_FOUND = -32601;

/** A server of the SDK around our own. `connect` it to a transport. */
export function createSdkServer(mcp: McpServer): Server {
  const server = new Server(info, {
    capabilities: { tools: {}, resources: {}, prompts: {}, completions: {} },
    instructions: mcp.instructions,
    // Only answers to elicitation are checked with it, and those to ours have no fields: building ajv costs start time.
    jsonSchemaValidator: {
      getValidator: () => (value) => ({ valid: true, data: value as never, errorMessage: undefined }),
    },
  });
  // Handlers set by `setRequestHandler` check each call twice and answer a malformed one with raw validator output.
  server.fallbackRequestHandler = (request, extra) =>
    answer(request, extra).catch((error: unknown) => {
      // It may repeat what the client or a server wrote.
      if (error instanceof Error) error.message = plainText(error.message);
      throw error;
    });
  const answer = async ({ method, params }: JSONRPCRequest, extra: Extra) => {
    switch (method) {
      case 'tools/list':
        return { tools: mcp.listTools(scopesOf(extra)) };
      case 'tools/call':
        return mcp.calls.call(params?.['name'], params?.['arguments'], extrasOf(server, extra));
      case 'resources/list':
        return { resources: mcp.resources.list() };
      case 'resources/templates/list':
        return { resourceTemplates: mcp.resources.templates() };
      case 'resources/read':
        return { contents: await mcp.resources.read(String(params?.['uri']), extra.signal) };
      case 'prompts/list':
        return { prompts: mcp.prompts.list() };
      case 'prompts/get':
        return mcp.prompts.get(String(params?.['name']), params?.['arguments']);
      case 'completion/complete': {
        const { reference, typed } = completionFrom(params ?? {});
        return { completion: await complete(mcp, reference, typed, extra.signal) };
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

/** What the access token of a request allows; nothing if everything is allowed. */
const scopesOf = ({ authInfo }: Extra) => authInfo && new Set(authInfo.scopes);

type Extra = Parameters<NonNullable<Server['fallbackRequestHandler']>>[1];

/** What a call brings along, in the words of the SDK. */
function extrasOf(server: Server, extra: Extra): CallExtras {
  const token = extra._meta?.progressToken;
  return {
    signal: extra.signal,
    ...(server.getClientCapabilities()?.elicitation?.form &&
      readsQuestions(extra) && { ask: (...args) => ask(server, extra, ...args) }),
    ...(token !== undefined && {
      notify: (update) => {
        extra
          .sendNotification({ method: 'notifications/progress', params: { progressToken: token, ...update } })
          // The client has left.
          .catch(() => {});
      },
    }),
  };
}

/** A question comes as an event before the answer. A client that takes JSON alone would never see it. */
const readsQuestions = ({ requestInfo }: Extra) =>
  !/event-stream;q=0/.test(String(requestInfo?.headers['accept'] ?? ''));

/** A form without fields: to accept it is to agree. */
async function ask(server: Server, { requestId }: Extra, message: string, signal: AbortSignal): Promise<Reply> {
  const params = { message, requestedSchema: { type: 'object' as const, properties: {} } };
  // A person thinks as long as it takes.
  const options = { signal, timeout: LONGEST_TIMER_MS, relatedRequestId: requestId };
  return (await server.elicitInput(params, options)).action;
}
