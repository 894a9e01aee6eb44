import { cosineSimilarity, OllamaError } from '@ollama-toolbelt/core/neutral';
import { type INode, type INodeProperties, NodeOperationError } from 'n8n-workflow';
import { modelLocator, modelOf } from '../../../shared/model-locator.ts';
import { toNodeError } from '../../../shared/node-error.ts';
import { parameterOf } from '../../../shared/parameter.ts';
import { optionsProperty } from '../../../shared/read-options.ts';
import { failedItem } from '../../items/failed-item.ts';
import { LinkedItem, type OperationRun } from '../../items/operation.ts';
import { optionsOf } from '../../items/run-options.ts';
import { requiredText } from '../../items/text-parameter.ts';

export const isForAllItems = true;

const limit: INodeProperties = {
  displayName: 'Limit',
  name: 'limit',
  type: 'number',
  typeOptions: { minValue: 1 },
  default: 50,
  description: 'Max number of results to return',
};

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
    description: 'Text to compare the input items with, by meaning',
  },
  {
    displayName: 'Item Text',
    name: 'text',
    type: 'string',
    required: true,
    default: '={{ $json.text }}',
    description: 'The text of each input item to compare; expressions are evaluated per item',
  },
  limit,
  optionsProperty('embed', 'rank'),
];

/** The input items nearest to the query, each with a score, nearest first. */
export async function execute(run: OperationRun): Promise<LinkedItem[]> {
  const { context, ollama, call, hints } = run;
  const { body, timeouts, local } = optionsOf({ ...run, itemIndex: 0 });
  const most = parameterOf<number>(context, 0, limit);
  const textOf = (parameter: string, label: string, itemIndex: number) =>
    requiredText({ ...run, itemIndex }, parameter, label, context.getNodeParameter(parameter, itemIndex, ''));
  const query = textOf('query', 'Query', 0).trim();
  const failed: LinkedItem[] = [];
  const texts: { itemIndex: number; text: string }[] = [];
  for (const itemIndex of context.getInputData().keys()) {
    try {
      texts.push({ itemIndex, text: textOf('text', 'Item Text', itemIndex) });
    } catch (error) {
      if (!context.continueOnFail()) throw toNodeError(context.getNode(), error, itemIndex);
      failed.push(failedItem(context.getNode(), error, itemIndex));
    }
  }
  if (texts.length === 0) return failed;
  const request = ollama.embed(
    {
      model: modelOf(context, 0),
      input: [
        `${local['query_prefix'] ?? ''}${query}`,
        ...texts.map(({ text }) => `${local['document_prefix'] ?? ''}${text}`),
      ],
      ...body,
    },
    { ...call, timeouts, batchSize: local['batchSize'] as number | undefined },
  );
  const answer = await request.catch((error: unknown) => {
    throw aboutItem(error, context.getNode(), texts);
  });
  hints.add(0, answer);
  const [wanted = [], ...vectors] = answer.embeddings;
  const least = Number(local['min_score'] ?? Number.NEGATIVE_INFINITY);
  const items = context.getInputData();
  const ranked = texts
    .map(({ itemIndex }, index) => ({ itemIndex, score: cosineSimilarity(wanted, vectors[index] as number[]) }))
    .filter(({ score }) => score >= least)
    .sort((a, b) => b.score - a.score)
    .slice(0, most)
    .map(({ itemIndex, score }) => new LinkedItem({ ...items[itemIndex]?.json, score }, itemIndex));
  return [...ranked, ...failed];
}

/** The request counts the query as one of its texts; a person counts only the items. */
function aboutItem(error: unknown, node: INode, texts: readonly { itemIndex: number }[]): unknown {
  if (!(error instanceof OllamaError) || error.inputIndex === undefined) return error;
  const itemIndex = texts[error.inputIndex - 1]?.itemIndex;
  const { description } = toNodeError(node, error, itemIndex);
  const what = itemIndex === undefined ? 'The query' : `Item Text of item ${itemIndex}`;
  const why = error.code === 'context_exceeded' ? 'is longer than the context of the model' : 'is refused by the model';
  return new NodeOperationError(node, error, {
    message: `${what} ${why}`,
    ...(description && { description }),
    itemIndex: itemIndex ?? 0,
  });
}
