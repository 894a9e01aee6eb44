import type { GenerateRequest } from '@ollama-toolbelt/core';
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { answerItem, rawItem, simplify } from '../../answer-item.ts';
import { modelLocator, modelOf } from '../../model-locator.ts';
import type { OperationRun } from '../../operation.ts';
import { optionFields, optionsProperty } from '../../option-fields.ts';
import { formatOf, outputFormat } from '../../output-format.ts';

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

export async function execute({ context, itemIndex, ollama, call }: OperationRun): Promise<IDataObject[]> {
  const { body, timeouts } = optionFields(context.getNodeParameter('options', itemIndex, {}));
  const request: GenerateRequest = {
    model: modelOf(context, itemIndex),
    prompt: String(context.getNodeParameter('prompt', itemIndex) ?? ''),
    ...body,
  };
  const answer = await ollama.generate({ ...request, ...formatOf(context, itemIndex) }, { ...call, timeouts });
  return [context.getNodeParameter('simplify', itemIndex, true) ? answerItem(answer) : rawItem(answer)];
}
