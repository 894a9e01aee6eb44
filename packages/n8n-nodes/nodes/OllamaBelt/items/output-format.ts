import type { Format } from '@ollama-toolbelt/core/neutral';
import { type IExecuteFunctions, type INodeProperties, NodeOperationError } from 'n8n-workflow';
import { isObject, parsedJson } from '../../shared/json.ts';
import { parameterOf } from '../../shared/parameter.ts';
import { missingValue } from '../../shared/values.ts';
import { fieldsOf, outputFields } from './output-fields.ts';
import { schemaOfExample, schemaOfFields } from './schema-from-fields.ts';

const formatField: INodeProperties = {
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
  description: 'Format of the answer. JSON is parsed into the field "parsed".',
};

const exampleField: INodeProperties = {
  displayName: 'Example',
  name: 'jsonExample',
  type: 'json',
  default: '{\n  "customer": "Ada",\n  "items": ["pen"],\n  "total": 2.5\n}',
  displayOptions: { show: { outputFormat: ['example'] } },
  description: 'An example of the answer; only its fields and their types matter',
};

const schemaField: INodeProperties = {
  displayName: 'JSON Schema',
  name: 'jsonSchema',
  type: 'json',
  default:
    '{\n  "type": "object",\n  "properties": {\n    "summary": { "type": "string" }\n  },\n  "required": ["summary"]\n}',
  displayOptions: { show: { outputFormat: ['schema'] } },
  description: 'The schema that the answer must follow',
};

/** The format of the answer. */
export const outputFormat: INodeProperties[] = [formatField, outputFields, exampleField, schemaField];

export function formatOf(context: IExecuteFunctions, itemIndex: number): { format?: Format } {
  const refuse = (message: string, description: string): never => {
    throw new NodeOperationError(context.getNode(), message, { description, itemIndex });
  };
  const objectIn = (field: INodeProperties, what: string, example: string): Record<string, unknown> => {
    const given = parameterOf(context, itemIndex, field);
    if (given === '') throw missingValue(context.getNode(), field.name, field.displayName, given, itemIndex);
    const value = parsedJson(given);
    return isObject(value) ? value : refuse(`${what} is not a JSON object`, `Write it like ${example}.`);
  };
  switch (parameterOf(context, itemIndex, formatField)) {
    case 'json':
      return { format: 'json' };
    case 'schema': {
      const example = '{ "type": "object", "properties": { "summary": { "type": "string" } } }';
      return { format: objectIn(schemaField, 'The JSON Schema', example) };
    }
    case 'example':
      return { format: schemaOfExample(objectIn(exampleField, 'The example', '{ "summary": "text", "stars": 5 }')) };
    case 'fields':
      return { format: schemaOfFields(fieldsOf(context, itemIndex)) };
    default:
      return {};
  }
}
