import type { GenerateRequest } from '@ollama-toolbelt/core/neutral';
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { modelLocator, modelOf } from '../../../shared/model-locator.ts';
import { optionsProperty } from '../../../shared/read-options.ts';
import { simplify } from '../../items/answer-item.ts';
import { imagesOf } from '../../items/images.ts';
import type { OperationRun } from '../../items/operation.ts';
import { formatOf, outputFormat } from '../../items/output-format.ts';
import { promptParameters, systemMessageOf } from '../../items/prompt-parameters.ts';
import { optionsOf } from '../../items/run-options.ts';
import { type Refused, textItem } from '../../items/text-item.ts';
import { givenText, requiredText } from '../../items/text-parameter.ts';

export const description: INodeProperties[] = [
  modelLocator('searchTextModels'),
  {
    displayName: 'Prompt',
    name: 'prompt',
    type: 'string',
    typeOptions: { rows: 4 },
    default: '',
    placeholder: 'e.g. Write a subject line for this e-mail: …',
    description: 'Text that the model answers',
  },
  ...promptParameters,
  ...outputFormat,
  simplify,
  optionsProperty('generate'),
];

export async function execute(run: OperationRun): Promise<IDataObject[]> {
  const { context, itemIndex, ollama, call } = run;
  const { body, timeouts, local } = optionsOf(run);
  const system = systemMessageOf(run);
  const images = await imagesOf(context, itemIndex);
  const format = formatOf(context, itemIndex);
  // A prompt may consist of just an image, or the text after a gap.
  const read = images.length > 0 || body['suffix'] !== undefined ? givenText : requiredText;
  const request: GenerateRequest = {
    model: modelOf(context, itemIndex),
    prompt: read(run, 'prompt', 'Prompt', context.getNodeParameter('prompt', itemIndex, '')),
    ...(system !== undefined && { system }),
    ...(images.length > 0 && { images }),
    ...body,
    ...format,
  };
  const ask = (refused?: Refused) =>
    ollama.generateStream(refused ? mended(request, refused) : request, { ...call, timeouts });
  return [await textItem(run, ask, { ...format, local })];
}

const mended = (request: GenerateRequest, { text, request: mending }: Refused): GenerateRequest => ({
  ...request,
  prompt: `${request.prompt}\n\nYour last answer was:\n${text}\n\n${mending}`,
});
