import type { InstalledModel, Ollama } from '@ollama-toolbelt/core/node';
import { DemoError } from './demo-error.ts';

export interface Models {
  chat: string;
  embed: string;
}

/** OLLAMA_MODEL and OLLAMA_EMBED_MODEL, otherwise the smallest installed models with the capability. */
export async function chooseModels(ollama: Ollama, env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<Models> {
  const { models } = await ollama.list({ signal });
  const smallestFirst = models.toSorted((a, b) => a.size - b.size);
  return {
    chat:
      (await chosen(ollama, env, 'OLLAMA_MODEL', signal)) ??
      (await smallest(ollama, smallestFirst, 'completion', signal)) ??
      missing('No installed model can chat', 'llama3.2:1b', 'OLLAMA_MODEL'),
    embed:
      (await chosen(ollama, env, 'OLLAMA_EMBED_MODEL', signal)) ??
      (await smallest(ollama, smallestFirst, 'embedding', signal)) ??
      missing('No installed model can embed', 'all-minilm', 'OLLAMA_EMBED_MODEL'),
  };
}

/** A named model must be installed: the error of `show` says what to do. */
async function chosen(ollama: Ollama, env: NodeJS.ProcessEnv, variable: string, signal: AbortSignal) {
  const model = env[variable]?.trim();
  if (model) await ollama.show({ model }, { signal });
  return model || undefined;
}

async function smallest(ollama: Ollama, models: InstalledModel[], capability: string, signal: AbortSignal) {
  for (const { name, remote_host, capabilities } of models) {
    // A cloud model needs an account, and its size says nothing.
    if (remote_host) continue;
    // Older servers report capabilities only per model, and the oldest not at all.
    const known = capabilities ?? (await ollama.show({ model: name }, { signal })).capabilities ?? [];
    if (known.includes(capability)) return name;
  }
  return undefined;
}

function missing(what: string, example: string, variable: string): never {
  throw new DemoError(`${what}: pull one with "ollama pull ${example}", or name one with ${variable}.`);
}
