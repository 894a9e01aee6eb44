import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { modelLocator, modelOf } from '../../../shared/model-locator.ts';
import type { OperationRun } from '../../items/operation.ts';

export const description: INodeProperties[] = [modelLocator('searchModels')];

export async function execute({ context, itemIndex, ollama, call }: OperationRun): Promise<IDataObject[]> {
  await ollama.delete({ model: modelOf(context, itemIndex) }, call);
  return [{ deleted: true }];
}
