import type { RunningModel } from '@ollama-toolbelt/core/neutral';
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { defined } from '../../../shared/json.ts';
import { parameterOf } from '../../../shared/parameter.ts';
import { rawItem, simplify } from '../../items/answer-item.ts';
import type { OperationRun } from '../../items/operation.ts';

export const description: INodeProperties[] = [simplify];

export async function execute({ context, itemIndex, ollama, call }: OperationRun): Promise<IDataObject[]> {
  const isSimple = parameterOf<boolean>(context, itemIndex, simplify);
  const { models } = await ollama.ps(call);
  return models.map(isSimple ? simplified : rawItem);
}

function simplified({ name, size, size_vram: onGpu, details, ...model }: RunningModel): IDataObject {
  return defined({
    name,
    size,
    gpu_percent: size > 0 ? Math.round((100 * onGpu) / size) : undefined,
    context_length: model.context_length,
    expires_at: model.expires_at,
    family: details?.family,
    parameter_size: details?.parameter_size,
    quantization: details?.quantization_level,
    digest: model.digest,
  });
}
