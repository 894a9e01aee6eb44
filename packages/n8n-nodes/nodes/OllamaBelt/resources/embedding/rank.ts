import { cosineSimilarity } from '@ollama-toolbelt/core';
import { type INodeProperties, NodeOperationError } from 'n8n-workflow';
import { modelLocator, modelOf } from '../../../shared/model-locator.ts';
import { optionFields, optionsProperty } from '../../../shared/read-options.ts';
import { LinkedItem, type OperationRun } from '../../items/operation.ts';

export const isForAllItems = true;

export const description: INodeProperties[] = [
  modelLocator('searchEmbeddingModels'),
  {
    displayName: 'Query',
    name: 'query',
    type: 'string',
    typeOptions: { rows: 2 },
    required: true,
    default: '',
    placeholder: 'e.g. How do I reset my password?',
    description: 'What the input items are compared with, by meaning',
  },
  {
    displayName: 'Text of Each Item',
    name: 'text',
    type: 'string',
    required: true,
    default: '={{ $json.text }}',
    description: 'What of an input item is compared; an expression is worked out for each item',
  },
  {
    displayName: 'Limit',
    name: 'limit',
    type: 'number',
    typeOptions: { minValue: 1 },
    default: 50,
    description: 'Max number of results to return',
  },
  optionsProperty('embed', 'rank'),
];

/** The input items that are nearest to the query, with a score each, the nearest first. */
export async function execute({ context, ollama, call, hints }: OperationRun): Promise<LinkedItem[]> {
  const items = context.getInputData();
  const { body, timeouts, local } = optionFields(context, 0);
  const textAt = (itemIndex: number) =>
    `${local['document_prefix'] ?? ''}${context.getNodeParameter('text', itemIndex) ?? ''}`;
  const query = String(context.getNodeParameter('query', 0) ?? '').trim();
  if (query === '') {
    throw new NodeOperationError(context.getNode(), 'There is no query', {
      description: 'Say in the field Query what to compare the items with.',
      itemIndex: 0,
    });
  }
  const answer = await ollama.embed(
    {
      model: modelOf(context, 0),
      input: [`${local['query_prefix'] ?? ''}${query}`, ...items.map((_, itemIndex) => textAt(itemIndex))],
      ...body,
    },
    { ...call, timeouts },
  );
  hints.add(0, answer);
  const [wanted = [], ...vectors] = answer.embeddings;
  const least = Number(local['min_score'] ?? Number.NEGATIVE_INFINITY);
  return vectors
    .map((vector, itemIndex) => ({ itemIndex, score: cosineSimilarity(wanted, vector) }))
    .filter(({ score }) => score >= least)
    .sort((a, b) => b.score - a.score)
    .slice(0, Number(context.getNodeParameter('limit', 0, 50)))
    .map(({ itemIndex, score }) => new LinkedItem({ ...items[itemIndex]?.json, score }, itemIndex));
}
