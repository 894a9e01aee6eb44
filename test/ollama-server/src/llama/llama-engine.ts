import type { Llama } from 'node-llama-cpp';

/** llama.cpp has no binary for this machine. */
export class NoEngineError extends Error {
  override readonly name = 'NoEngineError';
}

// llama.cpp is one library per process: disposing of one handle would shut it down for all, and finding and testing the
// binary takes a third of a second. So there is one handle, kept to the end; it does not keep the process from exiting.
let engine: Promise<Llama> | undefined;

export async function llamaEngine(): Promise<Llama> {
  const reason = `no llama.cpp binary runs on this machine (${process.platform}-${process.arch})`;
  if (process.env['OLLAMA_STAND_IN_NO_BINARY'] === '1') throw new NoEngineError(reason);
  try {
    engine ??= openEngine();
    return await engine;
  } catch (cause) {
    engine = undefined;
    throw new NoEngineError(reason, { cause });
  }
}

async function openEngine(): Promise<Llama> {
  const { getLlama, LlamaLogLevel } = await import('node-llama-cpp');
  return getLlama({
    build: 'never',
    gpu: false,
    skipDownload: true,
    progressLogs: false,
    maxThreads: 1,
    logLevel: LlamaLogLevel.disabled,
  });
}
