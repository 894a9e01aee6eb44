import type { PushRequest } from '@ollama-toolbelt/core';
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { modelLocator, modelOf } from '../../model-locator.ts';
import type { OperationRun } from '../../operation.ts';
import { optionFields, optionsProperty } from '../../option-fields.ts';
import { TransferProgress } from '../../transfer.ts';

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
