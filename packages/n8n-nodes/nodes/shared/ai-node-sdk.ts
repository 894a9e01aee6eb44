import { type INode, NodeOperationError } from 'n8n-workflow';

export type AiNodeSdk = typeof import('@n8n/ai-node-sdk');

/**
 * n8n's own package for AI nodes. Older versions lack it, so it is loaded only on demand: everything else works without
 * it.
 */
export async function loadAiNodeSdk(node: INode): Promise<AiNodeSdk> {
  try {
    return await import('@n8n/ai-node-sdk');
  } catch (error) {
    throw new NodeOperationError(node, error as Error, {
      message: 'This version of n8n cannot connect models and tools of community nodes',
      description: 'It lacks the package @n8n/ai-node-sdk, which n8n 2.22 and newer have. Update n8n.',
    });
  }
}
