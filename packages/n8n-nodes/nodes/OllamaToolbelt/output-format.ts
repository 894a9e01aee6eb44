import type { Format } from '@ollama-toolbelt/core';
import { type IExecuteFunctions, type INodeProperties, NodeOperationError } from 'n8n-workflow';

/** What the answer has to look like. */
export const outputFormat: INodeProperties[] = [
  {
    displayName: 'Output Format',
    name: 'outputFormat',
    type: 'options',
    options: [
      { name: 'JSON', value: 'json', description: 'Some JSON object; say in the prompt which one' },
      { name: 'JSON Schema', value: 'schema', description: 'JSON that follows a schema' },
      { name: 'Text', value: 'text' },
    ],
    default: 'text',
    description: 'What the answer has to look like. JSON is parsed into the field "parsed".',
  },
  {
    displayName: 'JSON Schema',
    name: 'jsonSchema',
    type: 'json',
    default:
      '{\n  "type": "object",\n  "properties": {\n    "summary": { "type": "string" }\n  },\n  "required": ["summary"]\n}',
    displayOptions: { show: { outputFormat: ['schema'] } },
    description: 'The schema that the answer must follow',
  },
];

export function formatOf(context: IExecuteFunctions, itemIndex: number): { format?: Format } {
  const outputFormat = context.getNodeParameter('outputFormat', itemIndex, 'text');
  if (outputFormat === 'json') return { format: 'json' };
  if (outputFormat !== 'schema') return {};
  const schema = parsed(context.getNodeParameter('jsonSchema', itemIndex));
  if (typeof schema === 'object' && schema !== null && !Array.isArray(schema)) {
    return { format: schema as Record<string, unknown> };
  }
  throw new NodeOperationError(context.getNode(), 'The JSON Schema is not a JSON object', {
    description: 'Write it like { "type": "object", "properties": { "summary": { "type": "string" } } }.',
    itemIndex,
  });
}

/** An expression may give the object itself. */
function parsed(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}
