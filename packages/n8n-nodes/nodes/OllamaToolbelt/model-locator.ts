import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import type { listSearch } from './methods/list-search.ts';

/** The model, picked from what is installed or named. */
export function modelLocator(searchListMethod: keyof typeof listSearch): INodeProperties {
  return {
    displayName: 'Model',
    name: 'model',
    type: 'resourceLocator',
    required: true,
    default: { mode: 'list', value: '' },
    modes: [
      {
        displayName: 'From List',
        name: 'list',
        type: 'list',
        placeholder: 'Choose a model...',
        typeOptions: { searchListMethod, searchable: true },
      },
      { displayName: 'By Name', name: 'name', type: 'string', placeholder: 'e.g. llama3.2:3b' },
    ],
  };
}

export const modelOf = (context: IExecuteFunctions, itemIndex: number): string =>
  context.getNodeParameter('model', itemIndex, '', { extractValue: true }) as string;
