import { type IDataObject, type INodeProperties, NodeOperationError } from 'n8n-workflow';
import { modelLocator, modelOf } from '../../../shared/model-locator.ts';
import type { OperationRun } from '../../items/operation.ts';

export const description: INodeProperties[] = [
  modelLocator('searchModels'),
  {
    displayName: 'Destination',
    name: 'destination',
    type: 'string',
    required: true,
    default: '',
    placeholder: 'e.g. my-model:backup',
    description: 'Name of the copy; an existing model of that name is replaced',
  },
];

export async function execute({ context, itemIndex, ollama, call }: OperationRun): Promise<IDataObject[]> {
  const source = modelOf(context, itemIndex);
  const destination = String(context.getNodeParameter('destination', itemIndex, '') ?? '').trim();
  if (destination === '') {
    throw new NodeOperationError(context.getNode(), 'The copy has no name', {
      description: 'Give a name in the field Destination.',
      itemIndex,
    });
  }
  await ollama.copy({ source, destination }, call);
  return [{ model: destination, source }];
}
