/** Connects our server to the `Server` of the MCP SDK. */
import { type Result, Server, type ServerOptions } from '@modelcontextprotocol/server';
import { plainText } from '../tools/plain-text.ts';
import { isKnownMethod, resultFor } from './answers.ts';
import type { Era } from './asked.ts';
import { requireKnownRevision } from './by-revision.ts';
import { LegacyServer } from './legacy-server.ts';
import type { McpServer } from './mcp-server.ts';
import { Questions } from './questions.ts';
import { serverInfo } from './server-info.ts';
import { serveTasks, tasksCapability } from './task-methods.ts';

const METHOD_NOT_FOUND = -32601;
const HOUR_MS = 3_600_000;

/** How long clients may cache responses that do not change while the server runs. */
const lasting = { ttlMs: HOUR_MS, cacheScope: 'public' } as const;
const lastingMethods: readonly string[] = ['tools/list', 'resources/templates/list', 'prompts/list'];

/**
 * Wraps our server in one of the SDK, to `connect` to a transport.
 *
 * @param method the method of the request, if the server answers only one.
 */
export type CreateSdkServer = (era: Era, method?: string | null) => Server;

/** @param stateKey Signs the state that clients return with an answer. Servers that share an address share the key. */
export function sdkServers(mcp: McpServer, stateKey?: string): CreateSdkServer {
  const questions = new Questions(stateKey);
  return (era, method) => {
    const options = optionsFor(mcp, era);
    const server = era === 'modern' ? new Server(serverInfo, options) : new LegacyServer(serverInfo, options);
    if (era === 'modern' && mcp.tasks) serveTasks(server, mcp.tasks);
    // Over HTTP an unknown method gives a 404, which only the SDK itself can send.
    if (typeof method === 'string' && !isKnownMethod(method)) return server;
    // Handlers set by `setRequestHandler` check each call twice and answer a malformed one with raw validator output.
    server.fallbackRequestHandler = async ({ method, params = {} }, context) => {
      if (era === 'modern') requireKnownRevision(context);
      if (!isKnownMethod(method)) throw Object.assign(new Error('Method not found'), { code: METHOD_NOT_FOUND });
      try {
        const result = await resultFor({ mcp, server, era, questions, params, context }, method);
        return era === 'modern' ? { ...cacheHint(method), ...result } : result;
      } catch (error) {
        // The message may contain text from the client or from a server.
        if (error instanceof Error) error.message = plainText(error.message);
        throw error;
      }
    };
    return server;
  };
}

const optionsFor = ({ instructions, tasks }: McpServer, era: Era): ServerOptions => ({
  capabilities: {
    ...{ tools: {}, resources: {}, prompts: {}, completions: {} },
    ...(era === 'modern' && tasks && tasksCapability),
  },
  instructions,
  cacheHints: { 'server/discover': lasting },
  // It only validates elicitation responses, and ours have no fields. Creating ajv would slow down the start.
  jsonSchemaValidator: {
    getValidator: () => (value) => ({ valid: true, data: value as never, errorMessage: undefined }),
  },
});

/** The list of tools depends on the scopes of the access token, and on whether the client shows pages. */
function cacheHint(method: string): Result {
  if (!lastingMethods.includes(method)) return {};
  return method === 'tools/list' ? { ...lasting, cacheScope: 'private' } : lasting;
}
