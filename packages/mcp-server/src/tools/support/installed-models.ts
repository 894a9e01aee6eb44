import {
  type CallOptions,
  type InstalledModel,
  modelNumber,
  type Ollama,
  OllamaError,
} from '@ollama-toolbelt/core/neutral';
import { errorWords } from '../error-words.ts';
import { type OllamaServer, shownModel } from '../ollama-server.ts';
import { formatBytes } from './format-bytes.ts';
import { loadedModels } from './loaded-models.ts';

/** Keeps one of several servers from delaying the others: a sleeping machine does not refuse connections. */
const PATIENCE = { connectMs: 1500, totalMs: 10_000 };

/** The installed models of each server, with a few facts. Only the newest if there are more than `maxCount`. */
export async function readModelList(
  servers: readonly OllamaServer[],
  signal: AbortSignal,
  maxCount = Number.POSITIVE_INFINITY,
) {
  const [only] = servers;
  if (only !== undefined && servers.length === 1) return modelsOf(only.ollama, { signal }, maxCount);
  const each = Math.ceil(maxCount / servers.length);
  const lists = await Promise.all(servers.map((server) => listOrProblem(server, signal, each)));
  const leftOff = lists.reduce((sum, { models_left_off = 0 }) => sum + models_left_off, 0);
  const unreachable = lists.flatMap(({ problem }) => problem ?? []);
  return {
    models: lists.flatMap(({ models }) => models),
    ...(leftOff > 0 && { models_left_off: leftOff }),
    ...(unreachable.length > 0 && { unreachable }),
  };
}

type ModelList = Awaited<ReturnType<typeof modelsOf>> & { problem?: { server: string; problem: string } };

/** For one of several servers. If it does not answer, the list is empty and has the reason. */
async function listOrProblem(server: OllamaServer, signal: AbortSignal, maxCount: number): Promise<ModelList> {
  const { name = '', ollama } = server;
  try {
    const { models, ...rest } = await modelsOf(ollama, { signal, timeouts: PATIENCE }, maxCount);
    return { ...rest, models: models.map((row) => ({ ...row, name: shownModel(server, row.name) })) };
  } catch (error) {
    if (!(error instanceof OllamaError) || error.code === 'aborted') throw error;
    return { models: [], problem: { server: name, problem: errorWords(error, ollama.url).message } };
  }
}

async function modelsOf(ollama: Ollama, call: CallOptions, maxCount: number) {
  const [installed, running] = await Promise.all([ollama.list(call), loadedModels(ollama, call)]);
  const models = installed.models.slice(0, maxCount);
  const leftOff = installed.models.length - models.length;
  const loaded = new Set(running.models.map(({ name }) => name));
  const facts = await modelFacts(models, ollama, call);
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

/** Older servers list neither capabilities nor context, so this asks for each model. On failure they stay unknown. */
async function modelFacts(
  installed: readonly InstalledModel[],
  ollama: Ollama,
  call: CallOptions,
): Promise<ModelFacts[]> {
  return Promise.all(
    installed.map(async (model) => {
      const { capabilities } = model;
      const context = modelNumber(model, 'context_length');
      if (capabilities !== undefined && context !== undefined) return { capabilities, context };
      try {
        const shown = await ollama.show({ model: model.name }, call);
        return {
          capabilities: capabilities ?? shown.capabilities,
          context: context ?? modelNumber(shown, 'context_length'),
        };
      } catch {
        call.signal?.throwIfAborted();
        return { capabilities, context };
      }
    }),
  );
}
