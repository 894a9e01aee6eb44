import { type INodeProperties, NodeOperationError } from 'n8n-workflow';
import type { listSearch } from './list-search.ts';
import type { ParameterContext } from './parameter.ts';
import { expressionResult, shown } from './values.ts';

interface Locator {
  displayName?: string;
  name?: string;
  /** The initial mode of the field: the list of installed models, or a name that may not be installed yet. */
  mode?: 'list' | 'name';
  description?: string;
}

/** The model, picked from the installed ones or named. */
export function modelLocator(searchListMethod: keyof typeof listSearch, locator: Locator = {}): INodeProperties {
  return {
    displayName: locator.displayName ?? 'Model',
    name: locator.name ?? 'model',
    type: 'resourceLocator',
    required: true,
    default: { mode: locator.mode ?? 'list', value: '' },
    ...(locator.description !== undefined && { description: locator.description }),
    modes: [
      {
        displayName: 'From List',
        name: 'list',
        type: 'list',
        placeholder: 'Choose a model...',
        typeOptions: { searchListMethod, searchable: true },
      },
      { displayName: 'Name', name: 'name', type: 'string', placeholder: 'e.g. llama3.2:3b' },
    ],
  };
}

type Field = Pick<INodeProperties, 'name' | 'displayName'>;

/** The model name in a field; the field Model by default. */
export function modelOf(
  context: ParameterContext,
  itemIndex: number,
  { name, displayName }: Field = { name: 'model', displayName: 'Model' },
): string {
  const value = context.getNodeParameter(name, itemIndex, '', { extractValue: true });
  const isObject = typeof value === 'object' && value !== null;
  const model = isObject ? '' : String(value ?? '').trim();
  if (model !== '') return model;
  const place = displayName === 'Model' ? '' : ` in the field ${displayName}`;
  const message = isObject ? `The name of a model must be a text, not ${shown(value)}` : 'No model is chosen';
  throw new NodeOperationError(context.getNode(), message + place, {
    description: [
      expressionResult(context.getNode(), `${name}.value`, value),
      'Choose a model from the list, or enter its name. Model > Pull downloads one.',
    ]
      .filter(Boolean)
      .join(' '),
    itemIndex,
  });
}
