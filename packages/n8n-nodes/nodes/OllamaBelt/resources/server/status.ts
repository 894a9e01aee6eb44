import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { rawItem } from '../../items/answer-item.ts';
import type { OperationRun } from '../../items/operation.ts';

export const description: INodeProperties[] = [];

export async function execute({ ollama, call }: OperationRun): Promise<IDataObject[]> {
  return [rawItem(await ollama.status(call))];
}
