import type { InstalledModel, Ollama, ShowResponse } from '@ollama-toolbelt/core';

/** What a list has to tell of a model. */
export interface ModelFacts {
  capabilities: string[] | undefined;
  context: number | undefined;
}

/** `model_info` keys carry the architecture: "llama.context_length". */
export function infoNumber(info: ShowResponse['model_info'], name: string): number | undefined {
  const value = info?.[`${String(info['general.architecture'])}.${name}`];
  return typeof value === 'number' ? value : undefined;
}

/** Older servers list neither capabilities nor context: then each model is asked for, and one that fails stays without. */
export async function modelFacts(
  installed: readonly InstalledModel[],
  ollama: Ollama,
  signal: AbortSignal,
): Promise<ModelFacts[]> {
  return Promise.all(
    installed.map(async ({ name, capabilities, details }) => {
      if (capabilities !== undefined && details?.context_length !== undefined) {
        return { capabilities, context: details.context_length };
      }
      try {
        const shown = await ollama.show({ model: name }, { signal });
        return {
          capabilities: capabilities ?? shown.capabilities,
          context: details?.context_length ?? infoNumber(shown.model_info, 'context_length'),
        };
      } catch {
        signal.throwIfAborted();
        return { capabilities, context: details?.context_length };
      }
    }),
  );
}
