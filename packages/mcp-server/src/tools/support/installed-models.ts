import { type Ollama, OllamaError } from '@ollama-toolbelt/core';

/** Whether a model of that name is installed, so that making another one of that name would replace it. */
export async function isInstalled(model: string, ollama: Ollama, signal: AbortSignal): Promise<boolean> {
  try {
    await ollama.show({ model }, { signal });
    return true;
  } catch (error) {
    if (error instanceof OllamaError && error.code === 'model_not_found') return false;
    throw error;
  }
}
