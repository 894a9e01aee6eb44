import { usageOf } from '@ollama-toolbelt/core/neutral';
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { defined } from '../../../shared/json.ts';
import { modelLocator } from '../../../shared/model-locator.ts';
import { parameterOf } from '../../../shared/parameter.ts';
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
    description: 'Text to embed. An expression may return a list of texts.',
  },
  simplify,
  optionsProperty('embed', 'list'),
];

export async function execute(run: OperationRun): Promise<IDataObject[]> {
  const { context, itemIndex } = run;
  const isSimple = parameterOf<boolean>(context, itemIndex, simplify);
  const { texts, isOneItem, answer, isShared } = await embedItem(run);
  const { model, embeddings } = answer;
  // A response for several items has no counts for each of them.
  if (!isSimple) {
    return [rawItem(isShared ? { model, embeddings } : answer)];
  }
  const usage = isShared ? undefined : usageOf(answer);
  const json = otherFields(context.getInputData()[itemIndex]?.json ?? {}, texts);
  if (isOneItem) {
    return [{ ...json, ...defined({ texts, embeddings, model, usage }) }];
  }
  return embeddings.map((embedding, index) => ({
    ...json,
    ...defined({ text: texts[index], embedding, model, usage: texts.length === 1 ? usage : undefined }),
  }));
}

/** The other fields of the item, as Rank keeps them, but without another copy of the text list next to each text. */
const otherFields = (json: IDataObject, texts: readonly string[]): IDataObject =>
  Object.fromEntries(
    Object.entries(json).filter(([, value]) => !Array.isArray(value) || String(value) !== String(texts)),
  );
