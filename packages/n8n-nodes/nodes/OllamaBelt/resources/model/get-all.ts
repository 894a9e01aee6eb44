import type { InstalledModel } from '@ollama-toolbelt/core/neutral';
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { defined } from '../../../shared/json.ts';
import { rawItem, simplify } from '../../items/answer-item.ts';
import type { OperationRun } from '../../items/operation.ts';

export const description: INodeProperties[] = [
  {
    displayName: 'Return All',
    name: 'returnAll',
    type: 'boolean',
    default: false,
    description: 'Whether to return all results or only up to a given limit',
  },
  {
    displayName: 'Limit',
    name: 'limit',
    type: 'number',
    typeOptions: { minValue: 1 },
    default: 50,
    displayOptions: { show: { returnAll: [false] } },
    description: 'Max number of results to return',
  },
  simplify,
];

export async function execute({ context, itemIndex, ollama, call }: OperationRun): Promise<IDataObject[]> {
  const { models } = await ollama.list(call);
  const isAll = context.getNodeParameter('returnAll', itemIndex) as boolean;
  const chosen = isAll ? models : models.slice(0, Number(context.getNodeParameter('limit', itemIndex)));
  return chosen.map(context.getNodeParameter('simplify', itemIndex, true) ? simplified : rawItem);
}

function simplified({ name, size, details, capabilities, digest, ...model }: InstalledModel): IDataObject {
  return defined({
    name,
    size,
    family: details?.family,
    parameter_size: details?.parameter_size,
    quantization: details?.quantization_level,
    context_length: details?.context_length,
    capabilities,
    digest,
    modified_at: model.modified_at,
    remote_host: model.remote_host,
  });
}
