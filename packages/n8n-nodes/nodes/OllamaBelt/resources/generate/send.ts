import type { GenerateRequest } from '@ollama-toolbelt/core';
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { modelLocator, modelOf } from '../../../shared/model-locator.ts';
import { optionFields, optionsProperty } from '../../../shared/read-options.ts';
import { simplify } from '../../items/answer-item.ts';
import { imagesOf } from '../../items/images.ts';
import type { OperationRun } from '../../items/operation.ts';
import { formatOf, outputFormat } from '../../items/output-format.ts';
import { textItem } from '../../items/text-item.ts';

export const description: INodeProperties[] = [
  modelLocator('searchTextModels'),
  {
    displayName: 'Prompt',
    name: 'prompt',
    type: 'string',
    typeOptions: { rows: 4 },
    default: '',
    placeholder: 'e.g. Write a subject line for this e-mail: …',
    description: 'What the model answers; without one the model is only loaded',
  },
  ...outputFormat,
  simplify,
  optionsProperty('generate'),
];

export async function execute(run: OperationRun): Promise<IDataObject[]> {
  const { context, itemIndex, ollama, call } = run;
  const { body, timeouts, local } = optionFields(context, itemIndex);
  const images = await imagesOf(context, itemIndex, local);
  const format = formatOf(context, itemIndex);
  const request: GenerateRequest = {
    model: modelOf(context, itemIndex),
    prompt: String(context.getNodeParameter('prompt', itemIndex) ?? ''),
    ...(images.length > 0 && { images }),
    ...body,
    ...format,
  };
  return [await textItem(run, ollama.generateStream(request, { ...call, timeouts }), { ...format, local })];
}
