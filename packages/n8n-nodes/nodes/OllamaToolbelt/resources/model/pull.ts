import type { PullRequest } from '@ollama-toolbelt/core';
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { modelLocator, modelOf } from '../../model-locator.ts';
import type { OperationRun } from '../../operation.ts';
import { optionFields, optionsProperty } from '../../option-fields.ts';
import { TransferProgress } from '../../transfer.ts';

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
