import { modelNumber, type ShowRequest, type ShowResponse } from '@ollama-toolbelt/core/neutral';
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { defined } from '../../../shared/json.ts';
import { modelLocator, modelOf } from '../../../shared/model-locator.ts';
import { parameterOf } from '../../../shared/parameter.ts';
import { rawItem, simplify } from '../../items/answer-item.ts';
import type { OperationRun } from '../../items/operation.ts';

const verbose: INodeProperties = {
  displayName: 'Verbose',
  name: 'verbose',
  type: 'boolean',
  default: false,
  displayOptions: { show: { simplify: [false] } },
  description: 'Whether to include the tensors and the vocabulary, which can be several megabytes',
};

export const description: INodeProperties[] = [modelLocator('searchModels'), simplify, verbose];

export async function execute({ context, itemIndex, ollama, call }: OperationRun): Promise<IDataObject[]> {
  const model = modelOf(context, itemIndex);
  const isSimple = parameterOf<boolean>(context, itemIndex, simplify);
  const isVerbose = !isSimple && parameterOf<boolean>(context, itemIndex, verbose);
  const request: ShowRequest = { model, ...(isVerbose && { verbose: true }) };
  const answer = await ollama.show(request, call);
  return [isSimple ? simplified(model, answer) : rawItem(answer)];
}

function simplified(name: string, answer: ShowResponse): IDataObject {
  // Missing if something other than Ollama has its API.
  const details = answer.details as ShowResponse['details'] | undefined;
  return defined({
    name,
    family: details?.family,
    parameter_size: details?.parameter_size,
    quantization: details?.quantization_level,
    context_length: modelNumber(answer, 'context_length'),
    embedding_length: modelNumber(answer, 'embedding_length'),
    capabilities: answer.capabilities,
    parameters: answer.parameters,
    system: answer.system,
    modified_at: answer.modified_at,
  });
}
