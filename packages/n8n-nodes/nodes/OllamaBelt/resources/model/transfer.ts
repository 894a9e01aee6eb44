import type { PullRequest } from '@ollama-toolbelt/core/neutral';
import type { IDataObject } from 'n8n-workflow';
import { modelLocator, modelOf } from '../../../shared/model-locator.ts';
import { optionsProperty } from '../../../shared/read-options.ts';
import type { Operation, OperationRun } from '../../items/operation.ts';
import { optionsOf } from '../../items/run-options.ts';
import { followTransfer } from '../../items/transfer-progress.ts';

export const pull: Operation = {
  description: [
    modelLocator('searchModels', {
      mode: 'name',
      description: 'Model to download, or an installed one to update',
    }),
    optionsProperty('transfer'),
  ],
  execute: (run) => transfer(run, 'pull'),
};

export const push: Operation = {
  description: [
    modelLocator('searchModels', {
      description: 'Model to publish; its name starts with your namespace, as in me/model',
    }),
    optionsProperty('transfer'),
  ],
  execute: (run) => transfer(run, 'push'),
};

async function transfer(run: OperationRun, direction: 'pull' | 'push'): Promise<IDataObject[]> {
  const { context, itemIndex, ollama, call } = run;
  const { body, timeouts, local } = optionsOf(run);
  const model = modelOf(context, itemIndex);
  const request: PullRequest = { model, ...body };
  const { item } = await followTransfer(run, local, model, (onProgress) =>
    ollama[direction](request, { ...call, timeouts, onProgress }),
  );
  return [item];
}
