import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { modelLocator, modelOf } from '../../../shared/model-locator.ts';
import type { OperationRun } from '../../items/operation.ts';
import { nameIn } from '../../items/text-parameter.ts';

const copyName: INodeProperties = {
  displayName: 'Destination',
  name: 'destination',
  type: 'string',
  required: true,
  default: '',
  placeholder: 'e.g. my-model:backup',
  description: 'Name of the copy; an existing model with that name is overwritten',
};

export const description: INodeProperties[] = [modelLocator('searchModels'), copyName];

export async function execute(run: OperationRun): Promise<IDataObject[]> {
  const { context, itemIndex, ollama, call } = run;
  const source = modelOf(context, itemIndex);
  const destination = nameIn(run, copyName);
  await ollama.copy({ source, destination }, call);
  return [{ model: destination, source }];
}
