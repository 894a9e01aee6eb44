/** The responses to the methods of MCP. */
import type { Result } from '@modelcontextprotocol/server';
import { Question } from '../calls/confirm.ts';
import { BecameTask } from '../calls/time-budget.ts';
import type { Asked } from './asked.ts';
import { takesStructure, withoutSchema, withoutStructure } from './by-revision.ts';
import { callExtras, scopesOf } from './call-extras.ts';
import { capabilitiesOf } from './client-capabilities.ts';
import { type CompletionReference, complete } from './completion.ts';
import type { AskingClient } from './mcp-server.ts';
import { showsPages } from './models-page.ts';

const methods: Readonly<Record<string, (asked: Asked) => Result | Promise<Result>>> = {
  'tools/list': ({ mcp, ...asked }) => {
    const tools = mcp.listTools(clientIn(asked));
    return { tools: takesStructure(asked.server, asked.context) ? tools : tools.map(withoutSchema) };
  },
  'tools/call': callTool,
  'resources/list': ({ mcp, ...asked }) => ({ resources: mcp.listResources(clientIn(asked)) }),
  'resources/templates/list': ({ mcp }) => ({ resourceTemplates: mcp.resources.templates() }),
  'resources/read': async ({ mcp, params, ...asked }) => ({
    contents: await mcp.readResource(String(params['uri']), asked.context.mcpReq.signal, clientIn(asked)),
  }),
  'prompts/list': ({ mcp }) => ({ prompts: mcp.prompts.list() }),
  'prompts/get': ({ mcp, params }) => ({ ...mcp.prompts.get(String(params['name']), params['arguments']) }),
  'completion/complete': async ({ mcp, params, context }) => {
    const { reference, typed } = completionFrom(params);
    return { completion: await complete(mcp, reference, typed, context.mcpReq.signal) };
  },
};

export const isKnownMethod = (method: string): boolean => Object.hasOwn(methods, method);

/** The facts about a client that decide which tools and resources it sees. */
const clientIn = (asked: Pick<Asked, 'era' | 'server' | 'context'>): AskingClient => ({
  scopes: scopesOf(asked.context),
  showsPages: showsPages(capabilitiesOf(asked)),
});

/** @throws an error with a JSON-RPC `code`, or a bug. */
export const resultFor = async (asked: Asked, method: string): Promise<Result> =>
  (await methods[method]?.(asked)) ?? {};

async function callTool(asked: Asked): Promise<Result> {
  const { mcp, server, params, context, questions } = asked;
  try {
    const calls = await mcp.calls();
    const result = await calls.call(params['name'], params['arguments'], callExtras(asked));
    return takesStructure(server, context) ? result : withoutStructure(result);
  } catch (error) {
    if (error instanceof BecameTask && mcp.tasks) return mcp.tasks.created(error.job);
    if (!(error instanceof Question)) throw error;
    return questions.put(error.message, asked);
  }
}

/** The field that `completion/complete` asks about. Missing parts become empty, which matches no field. */
function completionFrom(params: Readonly<Record<string, unknown>>): { reference: CompletionReference; typed: string } {
  const ref = { ...(params['ref'] as object | undefined) } as Record<string, unknown>;
  const argument = { ...(params['argument'] as object | undefined) } as Record<string, unknown>;
  const reference =
    ref['type'] === 'ref/prompt'
      ? { prompt: String(ref['name']), argument: String(argument['name']) }
      : { uriTemplate: String(ref['uri']) };
  return { reference, typed: String(argument['value'] ?? '') };
}
