import { type INodeProperties, NodeOperationError } from 'n8n-workflow';
import type { listSearch } from './list-search.ts';
import type { ParameterContext } from './read-options.ts';

interface Locator {
  displayName?: string;
  name?: string;
  /** What the field starts with: the installed models, or a name that is none of them yet. */
  mode?: 'list' | 'name';
  description?: string;
}

/** The model, picked from what is installed or named. */
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

export function modelOf(context: ParameterContext, itemIndex: number, parameter = 'model'): string {
  const name = String(context.getNodeParameter(parameter, itemIndex, '', { extractValue: true }) ?? '').trim();
  if (name !== '') return name;
  throw new NodeOperationError(context.getNode(), 'No model is chosen', {
    description: 'Choose a model from the list, or give its name. Model > Pull downloads one.',
    itemIndex,
  });
}
