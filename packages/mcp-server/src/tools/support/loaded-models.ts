import { type CallOptions, type Ollama, OllamaHttpError } from '@ollama-toolbelt/core/neutral';

/** The models in memory; none if the server does not support the request, as in the cloud. */
export async function loadedModels(ollama: Ollama, call: CallOptions): ReturnType<Ollama['ps']> {
  try {
    return await ollama.ps(call);
  } catch (error) {
    if (error instanceof OllamaHttpError && error.status === 404) return { models: [] };
    throw error;
  }
}
