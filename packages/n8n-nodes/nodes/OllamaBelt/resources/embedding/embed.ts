import { usageOf } from '@ollama-toolbelt/core';
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { defined } from '../../../shared/json.ts';
import { modelLocator } from '../../../shared/model-locator.ts';
import { optionsProperty } from '../../../shared/read-options.ts';
import { rawItem, simplify } from '../../items/answer-item.ts';
import type { OperationRun } from '../../items/operation.ts';
import { embedItem } from './embed-together.ts';

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
    description: 'Text to embed. An expression may give a list of texts.',
  },
  {
    displayName: 'Output a List As',
    name: 'listOutput',
    type: 'options',
    options: [
      { name: 'One Item for All', value: 'one', description: 'The vectors are a list in the field "embeddings"' },
      { name: 'One Item per Text', value: 'each', description: 'Each vector is in the field "embedding" of its item' },
    ],
    default: 'each',
    description: 'What becomes of a list of texts; a single text always gives one item',
  },
  simplify,
  optionsProperty('embed'),
];

export async function execute(run: OperationRun): Promise<IDataObject[]> {
  const { context, itemIndex } = run;
  const { texts, isList, answer, isShared } = await embedItem(run);
  const { model, embeddings } = answer;
  // What several items were embedded with has no counts for each of them.
  if (!context.getNodeParameter('simplify', itemIndex, true)) {
    return [rawItem(isShared ? { model, embeddings } : answer)];
  }
  const usage = isShared ? undefined : usageOf(answer);
  if (isList && context.getNodeParameter('listOutput', itemIndex, 'each') === 'one') {
    return [defined({ texts, embeddings, model, usage })];
  }
  return embeddings.map((embedding, index) =>
    defined({ text: texts[index], embedding, model, usage: texts.length === 1 ? usage : undefined }),
  );
}
