import type { Format } from '@ollama-toolbelt/core/neutral';
import { type IExecuteFunctions, type INodeProperties, NodeOperationError } from 'n8n-workflow';
import { isObject, parsedJson } from '../../shared/json.ts';
import { type Field, schemaOfExample, schemaOfFields } from './schema-from-fields.ts';

/** What a person says of a field, in the order in which they think of it. */
const fieldColumns: INodeProperties[] = [
  { displayName: 'Name', name: 'name', type: 'string', default: '', placeholder: 'e.g. subject' },
  {
    displayName: 'Type',
    name: 'type',
    type: 'options',
    options: [
      { name: 'Boolean', value: 'boolean' },
      { name: 'Integer', value: 'integer' },
      { name: 'List of Numbers', value: 'numbers' },
      { name: 'List of Texts', value: 'strings' },
      { name: 'Number', value: 'number' },
      { name: 'One of Several Texts', value: 'enum' },
      { name: 'Text', value: 'string' },
    ],
    default: 'string',
  },
  {
    displayName: 'Description',
    name: 'description',
    type: 'string',
    default: '',
    placeholder: 'e.g. What the customer wants, in five words',
    description: 'For the model: what belongs there',
  },
  {
    displayName: 'Choices',
    name: 'choices',
    type: 'string',
    default: '',
    placeholder: 'e.g. low, normal, urgent',
    description: 'The texts to choose from, separated by commas',
    displayOptions: { show: { type: ['enum'] } },
  },
  {
    displayName: 'Required',
    name: 'required',
    type: 'boolean',
    default: true,
    description: 'Whether every answer must have the field',
  },
];

/** What the answer has to look like. */
export const outputFormat: INodeProperties[] = [
  {
    displayName: 'Output Format',
    name: 'outputFormat',
    type: 'options',
    options: [
      { name: 'Fields', value: 'fields', description: 'JSON with fields that you name here' },
      { name: 'JSON', value: 'json', description: 'Any JSON; describe it in the prompt' },
      { name: 'JSON From Example', value: 'example', description: 'JSON with the fields and types of an example' },
      { name: 'JSON Schema', value: 'schema', description: 'JSON that follows a schema' },
      { name: 'Text', value: 'text' },
    ],
    default: 'text',
    description: 'What the answer has to look like. JSON is parsed into the field "parsed".',
  },
  {
    displayName: 'Fields',
    name: 'outputFields',
    type: 'fixedCollection',
    typeOptions: { multipleValues: true, sortable: true },
    placeholder: 'Add Field',
    default: {},
    displayOptions: { show: { outputFormat: ['fields'] } },
    description: 'What to extract',
    options: [
      {
        displayName: 'Field',
        name: 'values',
        values: fieldColumns,
      },
    ],
  },
  {
    displayName: 'Example',
    name: 'jsonExample',
    type: 'json',
    default: '{\n  "customer": "Ada",\n  "items": ["pen"],\n  "total": 2.5\n}',
    displayOptions: { show: { outputFormat: ['example'] } },
    description: 'An answer as it should look; its values do not matter',
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
  const refuse = (message: string, description: string): never => {
    throw new NodeOperationError(context.getNode(), message, { description, itemIndex });
  };
  const objectIn = (parameter: string, message: string, example: string): Record<string, unknown> => {
    const value = parsedJson(context.getNodeParameter(parameter, itemIndex));
    return isObject(value) ? value : refuse(message, `Write it like ${example}.`);
  };
  switch (context.getNodeParameter('outputFormat', itemIndex, 'text')) {
    case 'json':
      return { format: 'json' };
    case 'schema': {
      const example = '{ "type": "object", "properties": { "summary": { "type": "string" } } }';
      return { format: objectIn('jsonSchema', 'The JSON Schema is not a JSON object', example) };
    }
    case 'example': {
      const example = '{ "summary": "text", "stars": 5 }';
      return { format: schemaOfExample(objectIn('jsonExample', 'The example is not a JSON object', example)) };
    }
    case 'fields': {
      const fields = context.getNodeParameter('outputFields.values', itemIndex, []) as Field[];
      const named = fields.filter(({ name }) => name.trim() !== '');
      if (named.length === 0) refuse('Name at least one output field', 'Add a field to Fields and give it a name.');
      return { format: schemaOfFields(named) };
    }
    default:
      return {};
  }
}
