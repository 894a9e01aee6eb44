import { type LlamaServer, NoEngineError, startLlama } from '@ollama-toolbelt/ollama-server';

/** Why tests that need a real model are skipped on some machines. */
export const noBuild = 'llama.cpp has no build for this machine';

/** The llama engine with its models, or nothing where llama.cpp has no build for the machine. */
export async function startLlamaIfBuilt(): Promise<LlamaServer | undefined> {
  try {
    return await startLlama();
  } catch (error) {
    if (error instanceof NoEngineError) return undefined;
    throw error;
  }
}
