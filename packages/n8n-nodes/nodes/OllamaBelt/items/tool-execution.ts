import type { IExecuteFunctions } from 'n8n-workflow';

/** Whether an AI agent runs the node as its tool. Older n8n does not tell, but has a node type of its own for it. */
export function isForAgent(context: IExecuteFunctions): boolean {
  if (typeof context.isToolExecution === 'function') return context.isToolExecution();
  return context.getNode().type.endsWith('Tool');
}
