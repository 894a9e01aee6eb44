import { type InstalledModel, modelNumber, type Ollama } from '@ollama-toolbelt/core/neutral';
import type { ToolContext } from '../tool-context.ts';
import { formatBytes } from './format-bytes.ts';

/** The installed models, each in a few facts. If there are more than `maxCount`, the newest. */
export async function readModelList(
  { ollama, signal }: Pick<ToolContext, 'ollama' | 'signal'>,
  maxCount = Number.POSITIVE_INFINITY,
) {
  const [installed, running] = await Promise.all([ollama.list({ signal }), ollama.ps({ signal })]);
  const models = installed.models.slice(0, maxCount);
  const leftOff = installed.models.length - models.length;
  const loaded = new Set(running.models.map(({ name }) => name));
  const facts = await modelFacts(models, ollama, signal);
  return {
    models: models.map(({ name, size, details }, index) => {
      const { capabilities, context } = facts[index] ?? {};
      return {
        name,
        size: formatBytes(size),
        ...(details?.parameter_size && { params: details.parameter_size }),
        ...(details?.quantization_level && { quantization: details.quantization_level }),
        ...(context !== undefined && { context }),
        ...(capabilities && { capabilities }),
        loaded: loaded.has(name),
      };
    }),
    ...(leftOff > 0 && { models_left_off: leftOff }),
  };
}

interface ModelFacts {
  capabilities: string[] | undefined;
  context: number | undefined;
}

/** Older servers list neither capabilities nor context. Then each model is asked for; one that fails stays without. */
async function modelFacts(
  installed: readonly InstalledModel[],
  ollama: Ollama,
  signal: AbortSignal,
): Promise<ModelFacts[]> {
  return Promise.all(
    installed.map(async (model) => {
      const { capabilities } = model;
      const context = modelNumber(model, 'context_length');
      if (capabilities !== undefined && context !== undefined) return { capabilities, context };
      try {
        const shown = await ollama.show({ model: model.name }, { signal });
        return {
          capabilities: capabilities ?? shown.capabilities,
          context: context ?? modelNumber(shown, 'context_length'),
        };
      } catch {
        signal.throwIfAborted();
        return { capabilities, context };
      }
    }),
  );
}
