/** The fields that n8n's import reads, as far as the tests use them. */
export interface WorkflowFile {
  id?: string;
  name: string;
  nodes: WorkflowNode[];
  connections: Record<string, Record<string, { node: string; type: string; index: number }[][]>>;
  settings?: Record<string, unknown>;
  active?: boolean;
}

export interface WorkflowNode {
  id: string;
  name: string;
  type: string;
  typeVersion: number;
  position: [number, number];
  parameters: Record<string, unknown>;
  credentials?: Record<string, { id: string; name: string }>;
  [more: string]: unknown;
}

export const CREDENTIAL_TYPE = 'ollamaBeltApi';
export const NODE_TYPE = 'n8n-nodes-ollama-belt.ollamaBelt';

type Parameters = WorkflowNode['parameters'];

export const byName = (model: string) => ({ __rl: true, mode: 'name', value: model });

export const chatParameters = (more: Parameters = {}): Parameters => ({
  resource: 'chat',
  operation: 'send',
  model: byName('chat-model'),
  messages: { values: [{ role: 'user', content: 'Why is the sky blue?' }] },
  ...more,
});

export const startNode: Omit<WorkflowNode, 'position'> = {
  id: 'start',
  name: 'Start',
  type: 'n8n-nodes-base.manualTrigger',
  typeVersion: 1,
  parameters: {},
};

export const ourNode = (parameters: Parameters, credentialId: string): Omit<WorkflowNode, 'position'> => ({
  id: 'ollama',
  name: 'Ollama',
  type: NODE_TYPE,
  typeVersion: 1,
  parameters,
  credentials: { [CREDENTIAL_TYPE]: { id: credentialId, name: 'Ollama' } },
});

/** Responds to GET /webhook/<path> once the workflow is published. */
export const webhookNode = (path: string, responseMode: 'lastNode' | 'streaming'): Omit<WorkflowNode, 'position'> => ({
  id: 'webhook',
  name: 'Webhook',
  type: 'n8n-nodes-base.webhook',
  typeVersion: 2.1,
  webhookId: path,
  parameters: { path, responseMode },
});

/** One node after the other. */
export function chain(name: string, nodes: Omit<WorkflowNode, 'position'>[], id?: string): WorkflowFile {
  const placed = nodes.map((node, index): WorkflowNode => ({ ...node, position: [index * 224, 0] }) as WorkflowNode);
  const links = placed.slice(1).map((node, index) => {
    const main = [[{ node: node.name, type: 'main', index: 0 }]];
    return [placed[index]!.name, { main }] as const;
  });
  const settings = { executionOrder: 'v1' };
  return { ...(id !== undefined && { id }), name, nodes: placed, connections: Object.fromEntries(links), settings };
}
