import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { modelLocator, modelOf } from '../../../shared/model-locator.ts';
import type { OperationRun } from '../../items/operation.ts';

export const description: INodeProperties[] = [modelLocator('searchRunningModels')];

export async function execute({ context, itemIndex, ollama, call }: OperationRun): Promise<IDataObject[]> {
  const model = modelOf(context, itemIndex);
  await ollama.unload({ model }, call);
  return [{ model, unloaded: true }];
}
