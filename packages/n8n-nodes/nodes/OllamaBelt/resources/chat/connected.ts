import { type AINodeConnectionType, type IExecuteFunctions, NodeOperationError } from 'n8n-workflow';
import { isToolExecution } from '../../items/tool-execution.ts';

/**
 * What the connected sub-nodes of a kind supply. It asks only if there are any: n8n throws if the node has no such
 * input, which is so when it is the tool of an agent, and in workflows whose setting breaks dynamic inputs.
 */
export async function suppliedBy<Supplied>(
  context: IExecuteFunctions,
  itemIndex: number,
  connectionType: AINodeConnectionType,
): Promise<Supplied[]> {
  if (isToolExecution(context)) return [];
  const connected = context.getParentNodes(context.getNode().name, { connectionType, depth: 1 });
  if (connected.length === 0) return [];
  if (!context.getNodeInputs().some(({ type }) => type === connectionType)) throw inputsUnknown(context, itemIndex);
  const supplied = await context.getInputConnectionData(connectionType, itemIndex);
  return [supplied ?? []].flat() as Supplied[];
}

/** n8n 2.41 fails to compute inputs that depend on parameters while it looks for files in the JSON of items. */
const inputsUnknown = (context: IExecuteFunctions, itemIndex: number) =>
  new NodeOperationError(context.getNode(), 'n8n cannot determine which sub-nodes are connected in this workflow', {
    description:
      'This happens to nodes with tools or a memory if the workflow keeps binary data in the JSON of its items (binaryMode "combined"). Switch that off in the workflow\'s settings, or remove the sub-nodes.',
    itemIndex,
  });
