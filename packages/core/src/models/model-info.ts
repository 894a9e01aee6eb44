import type { ShowResponse } from '../schemas/interfaces.ts';

/**
 * A number about a model, such as `context_length` or `embedding_length`. Newer servers put it in `details`, older ones
 * only in `model_info`, whose keys begin with the architecture ("llama.context_length").
 *
 * @param model a response of `show`, or a model of `list`.
 *
 * @example
 * ```ts
 * import { modelNumber } from '@ollama-toolbelt/core/node';
 *
 * const model = await ollama.show({ model: 'llama3.2' });
 * console.log(modelNumber(model, 'context_length')); // 2048
 * ```
 */
export function modelNumber(
  {
    details,
    model_info: info,
  }: { details?: ShowResponse['details'] | undefined; model_info?: ShowResponse['model_info'] },
  name: 'context_length' | 'embedding_length' | (string & {}),
): number | undefined {
  const value = details?.[name] ?? info?.[`${String(info['general.architecture'])}.${name}`];
  return typeof value === 'number' ? value : undefined;
}
