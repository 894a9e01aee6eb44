import type { ConversationTool, JsonSchema } from '@ollama-toolbelt/core/neutral';
import { type IExecuteFunctions, NodeConnectionTypes, NodeOperationError } from 'n8n-workflow';
import { loadAiNodeSdk } from '../../../shared/ai-node-sdk.ts';
import { toolResultText } from '../../../shared/content-blocks.ts';
import { suppliedBy } from './connected.ts';

/** The parts of LangChain's tool that are used here; sub-nodes supply it. */
interface ConnectedTool {
  name: string;
  description?: string;
  schema?: unknown;
  invoke(input: unknown, config: { signal: AbortSignal }): Promise<unknown>;
}

/** Several tools of one sub-node, such as those of an MCP server. */
type Toolkit = { tools: ConnectedTool[] } | { getTools(): ConnectedTool[] };

/** The tools of the connected sub-nodes. */
export async function connectedTools(context: IExecuteFunctions, itemIndex: number): Promise<ConversationTool[]> {
  const supplied = await suppliedBy<ConnectedTool | Toolkit>(context, itemIndex, NodeConnectionTypes.AiTool);
  const tools = supplied.flatMap(toolsIn);
  if (tools.length === 0) return [];
  const twice = tools.find(({ name }, index) => tools.findIndex((other) => other.name === name) < index);
  if (twice) {
    throw new NodeOperationError(context.getNode(), `Two connected tools are called ${twice.name}`, {
      description: 'The model could call only one of them: rename the other.',
      itemIndex,
    });
  }
  const sdk = await loadAiNodeSdk(context.getNode());
  return tools.map((tool) => ({
    name: tool.name,
    description: tool.description,
    parameters: sdk.getParametersJsonSchema({
      type: 'function',
      name: tool.name,
      inputSchema: tool.schema ?? { type: 'object', properties: {} },
    }) as JsonSchema,
    run: async (args, { signal }) => toolResultText(await tool.invoke(args, { signal })),
  }));
}

function toolsIn(entry: ConnectedTool | Toolkit): ConnectedTool[] {
  if ('getTools' in entry) return entry.getTools();
  return 'tools' in entry ? entry.tools : [entry];
}
