import type { IExecuteFunctions } from 'n8n-workflow';

/**
 * Whether an AI agent runs the node as its tool. `isToolExecution` alone does not say: AI Agent 3 and newer let the
 * engine run their tools like any other node, and older n8n has no such function. The node's type is always that of the
 * tool.
 */
export function isToolExecution(context: IExecuteFunctions): boolean {
  return context.isToolExecution?.() === true || context.getNode().type.endsWith('Tool');
}
