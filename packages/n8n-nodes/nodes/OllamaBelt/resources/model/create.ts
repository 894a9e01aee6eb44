import type { CreateRequest, ModelOptions } from '@ollama-toolbelt/core/neutral';
import type { IDataObject, IDisplayOptions, INodeProperties } from 'n8n-workflow';
import { defined } from '../../../shared/json.ts';
import { modelLocator, modelOf } from '../../../shared/model-locator.ts';
import { modelParameters, optionFields, optionsProperty } from '../../../shared/read-options.ts';
import { noticesOf } from '../../items/answer-item.ts';
import type { OperationRun } from '../../items/operation.ts';
import { followTransfer } from '../../items/transfer-progress.ts';

const shownForSource = (source: string): IDisplayOptions => ({ show: { source: [source] } });

export const description: INodeProperties[] = [
  modelLocator('searchModels', {
    displayName: 'New Model',
    mode: 'name',
    description: 'Name of the new model; an existing one of that name is replaced',
  }),
  {
    displayName: 'Define Using',
    name: 'source',
    type: 'options',
    options: [
      { name: 'Fields', value: 'fields' },
      { name: 'Modelfile', value: 'modelfile' },
    ],
    default: 'fields',
    description: 'How to say what the new model is made of',
  },
  {
    ...modelLocator('searchModels', {
      displayName: 'Base Model',
      name: 'from',
      description: 'Model to start from; the server pulls it if it is missing',
    }),
    displayOptions: shownForSource('fields'),
  },
  {
    displayName: 'System Message',
    name: 'system',
    type: 'string',
    typeOptions: { rows: 3 },
    default: '',
    placeholder: 'e.g. You answer in one sentence.',
    description: 'How the new model behaves; empty keeps the one of the base model',
    displayOptions: shownForSource('fields'),
  },
  { ...modelParameters, displayOptions: shownForSource('fields') },
  {
    displayName: 'Modelfile',
    name: 'modelfile',
    type: 'string',
    typeOptions: { rows: 8 },
    required: true,
    default: '',
    placeholder: 'e.g. FROM llama3.2',
    description: 'Text of a Modelfile. FROM names a model; files on a disk cannot be read from n8n.',
    displayOptions: shownForSource('modelfile'),
  },
  optionsProperty('create'),
];

export async function execute(run: OperationRun): Promise<IDataObject[]> {
  const { context, itemIndex, ollama, call, hints } = run;
  const { body, timeouts, local } = optionFields(context, itemIndex);
  const model = modelOf(context, itemIndex);
  const request: CreateRequest = { model, ...definition({ context, itemIndex }), ...body };
  const { item, last } = await followTransfer(run, local, model, (onProgress) =>
    ollama.create(request, { ...call, timeouts, onProgress }),
  );
  hints.add(itemIndex, {}, last.notices);
  return [defined({ ...item, notices: noticesOf(last) })];
}

function definition({ context, itemIndex }: Pick<OperationRun, 'context' | 'itemIndex'>): CreateRequest {
  if (context.getNodeParameter('source', itemIndex, 'fields') === 'modelfile') {
    return { modelfile: String(context.getNodeParameter('modelfile', itemIndex, '') ?? '') };
  }
  const system = String(context.getNodeParameter('system', itemIndex, '') ?? '');
  const parameters = optionFields(context, itemIndex, 'parameters').body['options'] as ModelOptions | undefined;
  return {
    from: modelOf(context, itemIndex, 'from'),
    ...(system !== '' && { system }),
    ...(parameters && { parameters }),
  };
}
