import type { IExecuteFunctions } from 'n8n-workflow';

/** Whether an AI agent runs the node as its tool. Older n8n cannot say, but there the tool's node type has a name of its own. */
export function isToolExecution(context: IExecuteFunctions): boolean {
  if (typeof context.isToolExecution === 'function') return context.isToolExecution();
  return context.getNode().type.endsWith('Tool');
}
