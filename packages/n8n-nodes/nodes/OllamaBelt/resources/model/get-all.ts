import type { InstalledModel } from '@ollama-toolbelt/core/neutral';
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { defined } from '../../../shared/json.ts';
import { parameterOf } from '../../../shared/parameter.ts';
import { rawItem, simplify } from '../../items/answer-item.ts';
import type { OperationRun } from '../../items/operation.ts';

const returnAll: INodeProperties = {
  displayName: 'Return All',
  name: 'returnAll',
  type: 'boolean',
  default: false,
  description: 'Whether to return all results or only up to a given limit',
};

const limit: INodeProperties = {
  displayName: 'Limit',
  name: 'limit',
  type: 'number',
  typeOptions: { minValue: 1 },
  default: 50,
  displayOptions: { show: { returnAll: [false] } },
  description: 'Max number of results to return',
};

export const description: INodeProperties[] = [returnAll, limit, simplify];

export async function execute({ context, itemIndex, ollama, call }: OperationRun): Promise<IDataObject[]> {
  const isAll = parameterOf<boolean>(context, itemIndex, returnAll);
  const most = isAll ? undefined : parameterOf<number>(context, itemIndex, limit);
  const isSimple = parameterOf<boolean>(context, itemIndex, simplify);
  const { models } = await ollama.list(call);
  return models.slice(0, most).map(isSimple ? simplified : rawItem);
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
