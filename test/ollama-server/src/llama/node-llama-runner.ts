import type { Runner } from './runner.ts';

/** There is no binary of llama.cpp for this machine. */
export class NoEngineError extends Error {
  override readonly name = 'NoEngineError';
}

/** Loads one model file. `contextLength` is capped at nothing: the caller knows what the model was trained on. */
export async function loadRunner(
  path: string,
  _settings: { contextLength: number; embedding: boolean },
): Promise<Runner> {
  throw new NoEngineError(`not written yet: ${path}`);
}
