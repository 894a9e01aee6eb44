import type { EmbedRequest } from '@ollama-toolbelt/core';
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { defined, rawItem, simplify, usageOf } from '../../answer-item.ts';
import { modelLocator, modelOf } from '../../model-locator.ts';
import type { OperationRun } from '../../operation.ts';
import { optionFields, optionsProperty } from '../../option-fields.ts';

export const description: INodeProperties[] = [
  modelLocator('searchEmbeddingModels'),
  {
    displayName: 'Text',
    name: 'text',
    type: 'string',
    typeOptions: { rows: 2 },
    required: true,
    default: '',
    placeholder: 'e.g. {{ $json.text }}',
    description: 'Text to embed. An expression that gives a list of texts gives an item for each.',
  },
  simplify,
  optionsProperty('embed'),
];

export async function execute({ context, itemIndex, ollama, call }: OperationRun): Promise<IDataObject[]> {
  const { body, timeouts } = optionFields(context, itemIndex);
  const value: unknown = context.getNodeParameter('text', itemIndex);
  const texts = Array.isArray(value) ? value.map(String) : [String(value ?? '')];
  const request: EmbedRequest = { model: modelOf(context, itemIndex), input: texts, ...body };
  const answer = await ollama.embed(request, { ...call, timeouts });
  if (!context.getNodeParameter('simplify', itemIndex, true)) return [rawItem(answer)];
  return answer.embeddings.map((embedding, index) =>
    defined({ text: texts[index], embedding, model: answer.model, usage: usageOf(answer) }),
  );
}
