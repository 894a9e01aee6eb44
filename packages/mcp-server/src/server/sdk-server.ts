/** The one place that knows the server of the MCP SDK, with the files beside it that import it. */
import { type Result, Server, type ServerOptions } from '@modelcontextprotocol/server';
import { plainText } from '../tools/plain-text.ts';
import { isKnownMethod, resultFor } from './answers.ts';
import type { Era } from './asked.ts';
import { LegacyServer } from './legacy-server.ts';
import type { McpServer } from './mcp-server.ts';
import { Questions } from './questions.ts';
import { serverInfo } from './server-info.ts';
import { serveTasks, tasksCapability } from './task-methods.ts';

const METHOD_NOT_FOUND = -32601;
const HOUR_MS = 3_600_000;

/** How long clients may keep what does not change while the server runs. */
const lasting = { ttlMs: HOUR_MS, cacheScope: 'public' } as const;
const lastingMethods: readonly string[] = ['tools/list', 'resources/templates/list', 'prompts/list'];

/**
 * Makes a server of the SDK around our own, to `connect` to a transport.
 *
 * @param method the one that it will be asked for, where a server answers one request.
 */
export type CreateSdkServer = (era: Era, method?: string | null) => Server;

/** @param stateKey Signs what clients bring back with an answer of the person. Servers at one address need the same. */
export function sdkServers(mcp: McpServer, stateKey?: string): CreateSdkServer {
  const questions = new Questions(stateKey);
  return (era, method) => {
    const options = optionsFor(mcp, era);
    const server = era === 'modern' ? new Server(serverInfo, options) : new LegacyServer(serverInfo, options);
    if (era === 'modern' && mcp.tasks) serveTasks(server, mcp.tasks);
    // Over HTTP an unknown method is a 404, with which only the SDK itself can answer.
    if (typeof method === 'string' && !isKnownMethod(method)) return server;
    // Handlers set by `setRequestHandler` check each call twice and answer a malformed one with raw validator output.
    server.fallbackRequestHandler = async ({ method, params = {} }, context) => {
      if (!isKnownMethod(method)) throw Object.assign(new Error('Method not found'), { code: METHOD_NOT_FOUND });
      try {
        const result = await resultFor({ mcp, server, era, questions, params, context }, method);
        return era === 'modern' ? { ...cacheHint(method), ...result } : result;
      } catch (error) {
        // It may repeat what the client or a server wrote.
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
  // Only answers to elicitation are checked with it, and those to ours have no fields: building ajv costs start time.
  jsonSchemaValidator: {
    getValidator: () => (value) => ({ valid: true, data: value as never, errorMessage: undefined }),
  },
});

/** Which tools there are depends on who asks: on the scopes of the access token, and on what the client can show. */
function cacheHint(method: string): Result {
  if (!lastingMethods.includes(method)) return {};
  return method === 'tools/list' ? { ...lasting, cacheScope: 'private' } : lasting;
}
