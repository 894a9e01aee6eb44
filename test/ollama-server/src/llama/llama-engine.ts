import type { Llama } from 'node-llama-cpp';

/** There is no binary of llama.cpp for this machine. */
export class NoEngineError extends Error {
  override readonly name = 'NoEngineError';
}

// llama.cpp is one library to the process, and disposing of one handle shuts it down for all. So the runners share one,
// and the last to leave closes it.
let engine: Promise<Llama> | undefined;
let users = 0;

export async function acquireEngine(): Promise<Llama> {
  users += 1;
  engine ??= openEngine();
  try {
    return await engine;
  } catch (cause) {
    users -= 1;
    engine = undefined;
    throw cause;
  }
}

export async function releaseEngine(): Promise<void> {
  users -= 1;
  if (users > 0 || !engine) return;
  const last = await engine;
  // A new runner may have come in the meantime.
  if (users > 0) return;
  engine = undefined;
  await last.dispose();
}

async function openEngine(): Promise<Llama> {
  try {
    if (process.env['OLLAMA_STAND_IN_NO_BINARY'] === '1') throw new Error('OLLAMA_STAND_IN_NO_BINARY is set');
    const { getLlama, LlamaLogLevel } = await import('node-llama-cpp');
    return await getLlama({
      build: 'never',
      gpu: false,
      skipDownload: true,
      progressLogs: false,
      maxThreads: 1,
      logLevel: LlamaLogLevel.disabled,
    });
  } catch (cause) {
    throw new NoEngineError(`no llama.cpp binary runs on this machine (${process.platform}-${process.arch})`, {
      cause,
    });
  }
}
