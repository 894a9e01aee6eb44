import type { AINodeConnectionType, IExecuteFunctions } from 'n8n-workflow';
import { isToolExecution } from '../../items/tool-execution.ts';

/**
 * What the sub-nodes of a kind supply. They are asked for only if there are any: n8n refuses the question if the node has
 * no such input, as it has none as the tool of an agent, and in workflows whose setting breaks dynamic inputs.
 */
export async function suppliedBy<Supplied>(
  context: IExecuteFunctions,
  itemIndex: number,
  connectionType: AINodeConnectionType,
): Promise<Supplied[]> {
  if (isToolExecution(context)) return [];
  const connected = context.getParentNodes(context.getNode().name, { connectionType, depth: 1 });
  if (connected.length === 0) return [];
  const supplied = await context.getInputConnectionData(connectionType, itemIndex);
  return [supplied ?? []].flat() as Supplied[];
}
