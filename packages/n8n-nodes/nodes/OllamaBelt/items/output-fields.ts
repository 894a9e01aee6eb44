import { type IDataObject, type IExecuteFunctions, type INodeProperties, NodeOperationError } from 'n8n-workflow';
import { checkedValue } from '../../shared/parameter.ts';
import { asText } from '../../shared/values.ts';
import type { Field } from './schema-from-fields.ts';

/** What a person enters for a field, in the usual order. */
const columns: INodeProperties[] = [
  { displayName: 'Name', name: 'name', type: 'string', default: '', placeholder: 'e.g. subject' },
  {
    displayName: 'Type',
    name: 'type',
    type: 'options',
    options: [
      { name: 'Boolean', value: 'boolean' },
      { name: 'Choice', value: 'enum' },
      { name: 'Integer', value: 'integer' },
      { name: 'List of Numbers', value: 'numbers' },
      { name: 'List of Texts', value: 'strings' },
      { name: 'Number', value: 'number' },
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
    description: 'Tells the model what belongs in the field',
  },
  {
    displayName: 'Choices',
    name: 'choices',
    type: 'string',
    default: '',
    placeholder: 'e.g. low, normal, urgent',
    description: 'Texts to choose from, separated by commas. An expression may return a list.',
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

export const outputFields: INodeProperties = {
  displayName: 'Fields',
  name: 'outputFields',
  type: 'fixedCollection',
  typeOptions: { multipleValues: true, sortable: true },
  placeholder: 'Add Field',
  default: {},
  displayOptions: { show: { outputFormat: ['fields'] } },
  description: 'What to extract',
  options: [{ displayName: 'Field', name: 'values', values: columns }],
};

/** The output fields of an item. Rows without a name are left out. */
export function fieldsOf(context: IExecuteFunctions, itemIndex: number): Field[] {
  const refuse = (message: string, description: string): never => {
    throw new NodeOperationError(context.getNode(), message, { description, itemIndex });
  };
  const rows = context.getNodeParameter('outputFields.values', itemIndex, []) as IDataObject[];
  const fields = rows
    .map((row, index) => fieldOf(context, itemIndex, row, `outputFields.values[${index}]`))
    .filter(({ name }) => name !== '');
  if (fields.length === 0) refuse('Name at least one output field', 'Add a field to Fields and give it a name.');
  const twice = fields.find(({ name }, index) => fields.findIndex((other) => other.name === name) < index);
  if (twice) refuse(`Two output fields are called ${twice.name}`, 'Give each field a different name.');
  const open = fields.find(({ type, choices }) => type === 'enum' && choices.length === 0);
  if (open) refuse(`The output field ${open.name} has no choices`, 'Enter the texts to choose from in Choices.');
  return fields;
}

function fieldOf(context: IExecuteFunctions, itemIndex: number, row: IDataObject, path: string): Field {
  const fieldValue = (name: string): unknown => {
    const column = columns.find((property) => property.name === name) as INodeProperties;
    const value = name in row ? row[name] : column.default;
    return checkedValue(context, itemIndex, column, value, `${path}.${name}`);
  };
  const type = fieldValue('type') as Field['type'];
  // Stryker disable next-line ArrayDeclaration: other types have no choices
  const choices = type === 'enum' ? fieldValue('choices') : [];
  return {
    name: asText(fieldValue('name')).trim(),
    type,
    description: asText(fieldValue('description')),
    required: fieldValue('required') as boolean,
    choices: (Array.isArray(choices) ? choices : asText(choices).split(','))
      .map((choice) => asText(choice).trim())
      .filter((choice) => choice !== ''),
  };
}
