import type { CreateRequest, ModelOptions } from '@ollama-toolbelt/core/neutral';
import type { IDataObject, IDisplayOptions, INodeProperties } from 'n8n-workflow';
import { defined } from '../../../shared/json.ts';
import { modelLocator, modelOf } from '../../../shared/model-locator.ts';
import { parameterOf } from '../../../shared/parameter.ts';
import { modelParameters, optionsProperty } from '../../../shared/read-options.ts';
import { noticesOf } from '../../items/answer-item.ts';
import type { OperationRun } from '../../items/operation.ts';
import { optionsOf } from '../../items/run-options.ts';
import { givenTextOf, requiredTextOf } from '../../items/text-parameter.ts';
import { followTransfer } from '../../items/transfer-progress.ts';

const shownForSource = (source: string): IDisplayOptions => ({ show: { source: [source] } });

const newModel = modelLocator('searchModels', {
  displayName: 'New Model',
  mode: 'name',
  description: 'Name of the new model; an existing model with that name is overwritten',
});

const source: INodeProperties = {
  displayName: 'Define Using',
  name: 'source',
  type: 'options',
  options: [
    { name: 'Fields', value: 'fields' },
    { name: 'Modelfile', value: 'modelfile' },
  ],
  default: 'fields',
  description: 'How to specify what the new model is made from',
};

const baseModel: INodeProperties = {
  ...modelLocator('searchModels', {
    displayName: 'Base Model',
    name: 'from',
    description: 'Model to start from; the server pulls it if it is missing',
  }),
  displayOptions: shownForSource('fields'),
};

const systemMessage: INodeProperties = {
  displayName: 'System Message',
  name: 'system',
  type: 'string',
  typeOptions: { rows: 3 },
  default: '',
  placeholder: 'e.g. You answer in one sentence.',
  description: "How the new model behaves; if empty, it keeps the base model's system prompt",
  displayOptions: shownForSource('fields'),
};

const modelfile: INodeProperties = {
  displayName: 'Modelfile',
  name: 'modelfile',
  type: 'string',
  typeOptions: { rows: 8 },
  required: true,
  default: '',
  placeholder: 'e.g. FROM llama3.2',
  description: 'Text of a Modelfile. FROM must name a model, since n8n cannot read files from a disk.',
  displayOptions: shownForSource('modelfile'),
};

export const description: INodeProperties[] = [
  newModel,
  source,
  baseModel,
  systemMessage,
  { ...modelParameters, displayOptions: shownForSource('fields') },
  modelfile,
  optionsProperty('create'),
];

export async function execute(run: OperationRun): Promise<IDataObject[]> {
  const { context, itemIndex, ollama, call, hints } = run;
  const { body, timeouts, local } = optionsOf(run);
  const model = modelOf(context, itemIndex, newModel);
  const request: CreateRequest = { model, ...definition(run), ...body };
  const { item, last } = await followTransfer(run, local, model, (onProgress) =>
    ollama.create(request, { ...call, timeouts, onProgress }),
  );
  hints.add(itemIndex, {}, last.notices);
  return [defined({ ...item, notices: noticesOf(last) })];
}

function definition(run: OperationRun): CreateRequest {
  const { context, itemIndex } = run;
  if (parameterOf(context, itemIndex, source) === 'modelfile') return { modelfile: requiredTextOf(run, modelfile) };
  const system = givenTextOf(run, systemMessage);
  const parameters = optionsOf(run, 'parameters').body['options'] as ModelOptions | undefined;
  return {
    from: modelOf(context, itemIndex, baseModel),
    ...(system !== '' && { system }),
    ...(parameters && { parameters }),
  };
}
