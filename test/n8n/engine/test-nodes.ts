import type { IDataObject, INodeType } from 'n8n-workflow';

/** A sub-node that supplies a tool. */
export function toolNode(tool: object): INodeType {
  return {
    description: { ...itemsNode([]).description, displayName: 'Tool', name: 'tool', outputs: ['ai_tool'] },
    supplyData: async () => ({ response: tool }),
  };
}

/** The previous node: outputs the items of the test. */
export function itemsNode(items: IDataObject[], files: Record<string, string> = {}): INodeType {
  const binary = Object.fromEntries(
    Object.entries(files).map(([name, data]) => [name, { data, mimeType: 'image/png', fileName: `${name}.png` }]),
  );
  return {
    description: {
      displayName: 'Items',
      name: 'items',
      group: ['trigger'],
      version: 1,
      description: '',
      defaults: {},
      inputs: [],
      outputs: ['main'],
      properties: [],
    },
    execute: async () => [items.map((json) => ({ json, binary }))],
  };
}
