import type { PullRequest } from '@ollama-toolbelt/core';
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { modelLocator, modelOf } from '../../../shared/model-locator.ts';
import { optionFields, optionsProperty } from '../../../shared/read-options.ts';
import type { OperationRun } from '../../items/operation.ts';
import { TransferProgress } from '../../items/transfer-progress.ts';

export const description: INodeProperties[] = [
  modelLocator('searchModels', {
    mode: 'name',
    description: 'Model to download, or an installed one to bring up to date',
  }),
  optionsProperty('transfer'),
];

export async function execute({ context, itemIndex, ollama, call }: OperationRun): Promise<IDataObject[]> {
  const { body, timeouts, local } = optionFields(context, itemIndex);
  const request: PullRequest = { model: modelOf(context, itemIndex), ...body };
  const progress = new TransferProgress(context, itemIndex, local['stream_progress'] === true);
  try {
    const last = await ollama.pull(request, { ...call, timeouts, onProgress: progress.add });
    return [progress.item(String(request.model), last)];
  } finally {
    progress.end();
  }
}
