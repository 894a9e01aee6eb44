import { timestampOf } from '../wire/answer-lines.ts';
import type { JsonObject } from '../wire/json.ts';
import type { OllamaVersion } from '../wire/version.ts';
import { shortName } from './model-name.ts';
import type { StoredModel } from './stored-model.ts';

/** `984K`, `3.2B`: the server's notation for the number of weights. */
function humanCount(count: number): string {
  for (const [unit, letter] of [
    [1e9, 'B'],
    [1e6, 'M'],
  ] as const) {
    if (count < unit) continue;
    const amount = count / unit;
    return `${amount < 10 && letter === 'B' ? amount.toFixed(1).replace(/\.0$/, '') : amount.toFixed(letter === 'M' ? 2 : 1)}${letter}`;
  }
  return count >= 1000 ? `${Math.round(count / 1000)}K` : String(count);
}

export const detailsOf = (model: StoredModel): JsonObject => ({
  parent_model: model.parent,
  format: 'gguf',
  family: model.gguf.architecture,
  families: [model.gguf.architecture],
  parameter_size: humanCount(model.gguf.parameterCount),
  quantization_level: model.quantization,
});

/** 0.24 reports a model's base only in show. */
const listedDetails = (model: StoredModel, version: OllamaVersion) =>
  version === '0.24' ? { ...detailsOf(model), parent_model: '' } : detailsOf(model);

export function tagsEntry(model: StoredModel, version: OllamaVersion): JsonObject {
  const { contextLength, embeddingLength } = model.gguf;
  const name = shortName(model.name);
  const { modifiedAt, size, digest } = model;
  const entry = { name, model: name, modified_at: modifiedAt, size, digest };
  if (version === '0.24') return { ...entry, details: listedDetails(model, version) };
  return {
    ...entry,
    details: {
      ...detailsOf(model),
      ...(contextLength && { context_length: contextLength }),
      ...(embeddingLength && { embedding_length: embeddingLength }),
    },
    capabilities: model.capabilities,
  };
}

export interface LoadedModel {
  model: StoredModel;
  size: number;
  contextLength: number;
  expiresAt: Date;
}

export function psEntry({ model, size, contextLength, expiresAt }: LoadedModel, version: OllamaVersion): JsonObject {
  const name = shortName(model.name);
  return {
    name,
    model: name,
    size,
    digest: model.digest,
    details: listedDetails(model, version),
    expires_at: timestampOf(expiresAt),
    size_vram: 0,
    context_length: contextLength,
  };
}
