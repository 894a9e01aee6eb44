import type { LoadRequest } from '@ollama-toolbelt/core/neutral';
import { usageOf } from '@ollama-toolbelt/core/neutral';
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { defined } from '../../../shared/json.ts';
import { modelLocator, modelOf } from '../../../shared/model-locator.ts';
import { optionsProperty } from '../../../shared/read-options.ts';
import type { OperationRun } from '../../items/operation.ts';
import { optionsOf } from '../../items/run-options.ts';

export const description: INodeProperties[] = [modelLocator('searchModels'), optionsProperty('load')];

export async function execute(run: OperationRun): Promise<IDataObject[]> {
  const { context, itemIndex, ollama, call } = run;
  const { body, timeouts } = optionsOf(run);
  const request: LoadRequest = { model: modelOf(context, itemIndex), ...body };
  const answer = await ollama.load(request, { ...call, timeouts });
  return [defined({ model: request.model, loaded: true, load_ms: usageOf(answer)['load_ms'] })];
}
