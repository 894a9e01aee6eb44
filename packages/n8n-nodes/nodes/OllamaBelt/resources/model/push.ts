import type { PushRequest } from '@ollama-toolbelt/core';
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { modelLocator, modelOf } from '../../../shared/model-locator.ts';
import { optionFields, optionsProperty } from '../../../shared/read-options.ts';
import type { OperationRun } from '../../items/operation.ts';
import { TransferProgress } from '../../items/transfer-progress.ts';

export const description: INodeProperties[] = [
  modelLocator('searchModels', {
    description: 'Model to publish; its name begins with your namespace, as in me/model',
  }),
  optionsProperty('transfer'),
];

export async function execute({ context, itemIndex, ollama, call }: OperationRun): Promise<IDataObject[]> {
  const { body, timeouts, local } = optionFields(context, itemIndex);
  const request: PushRequest = { model: modelOf(context, itemIndex), ...body };
  const progress = new TransferProgress(context, itemIndex, local['stream_progress'] === true);
  try {
    const last = await ollama.push(request, { ...call, timeouts, onProgress: progress.add });
    return [progress.item(String(request.model), last)];
  } finally {
    progress.end();
  }
}
