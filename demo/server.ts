import { createOllama, type Ollama, OllamaError } from '@ollama-toolbelt/core/node';
import { NoEngineError, startLlama } from '@ollama-toolbelt/ollama-server';
import { DemoError } from './demo-error.ts';

/** An Ollama server for the demo; disposing of it ends what the demo started. */
export interface Server extends AsyncDisposable {
  host: string;
  ollama: Ollama;
  description: string;
  /** Whether it is this repository's engine, which ends with the demo. */
  embedded: boolean;
}

const LOCAL = '127.0.0.1:11434';
const timeouts = { connectMs: 3_000, totalMs: 5_000 };

/**
 * The server that OLLAMA_HOST names (an error if it does not respond), otherwise the one on this machine, otherwise the
 * embedded engine.
 */
export async function findServer(env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<Server> {
  const named = env['OLLAMA_HOST']?.trim();
  if (named) return server(named, signal, 'from OLLAMA_HOST');
  try {
    return await server(LOCAL, signal, 'found on this machine');
  } catch (error) {
    if (signal.aborted || !(error instanceof OllamaError)) throw error;
  }
  return embedded(signal);
}

async function server(host: string, signal: AbortSignal, how: string): Promise<Server> {
  const ollama = createOllama({ host });
  try {
    const { version } = await ollama.version({ signal, timeouts });
    if (typeof version !== 'string')
      throw new DemoError(`${ollama.url} answers, but not as Ollama does (OLLAMA_HOST).`);
    return {
      host,
      ollama,
      description: `${ollama.url}, version ${version} (${how})`,
      embedded: false,
      [Symbol.asyncDispose]: () => ollama.close(),
    };
  } catch (error) {
    await ollama.close();
    throw error;
  }
}

async function embedded(signal: AbortSignal): Promise<Server> {
  try {
    const engine = await startLlama({ signal });
    const ollama = createOllama({ host: engine.url });
    return {
      host: engine.url,
      ollama,
      description: `none was found, so this is the embedded engine with its pocket models, at ${engine.url}`,
      embedded: true,
      [Symbol.asyncDispose]: async () => {
        await ollama.close();
        await engine[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    if (!(error instanceof NoEngineError)) throw error;
    throw new DemoError(
      `No Ollama server answers at ${LOCAL}, and the embedded engine has no build for this machine: start one with "ollama serve", or set OLLAMA_HOST.`,
    );
  }
}
