import { createHash } from 'node:crypto';
import { licensesOf } from '../store/create-model.ts';
import { parseModelName } from '../store/model-name.ts';
import { modelfileOf, parametersText } from '../store/show-model.ts';
import type { CreateBody, Message } from '../wire/bodies.ts';
import type { JsonObject } from '../wire/json.ts';
import type { OllamaVersion } from '../wire/version.ts';

export interface ScriptedModel {
  /** With its tag. */
  name: string;
  capabilities: readonly string[];
  size: number;
  contextLength: number;
  embeddingLength: number;
  modifiedAt: string;
  family: string;
  parameterSize: string;
  quantization: string;
  template: string;
  licenses: readonly string[];
  parameters: JsonObject;
  messages: readonly Message[];
  system?: string;
}

/** A model for the list; only the name is required. */
export function scriptedModel(model: Partial<ScriptedModel> & { name: string }): ScriptedModel {
  return {
    capabilities: ['completion', 'tools'],
    size: 2_000_000_000,
    contextLength: 8192,
    embeddingLength: 8,
    modifiedAt: '2026-11-01T12:00:00.123456789Z',
    family: 'llama',
    parameterSize: '3.2B',
    quantization: 'Q4_K_M',
    template: '{{ .Prompt }}',
    licenses: ['MIT'],
    parameters: { temperature: 0.7 },
    messages: [],
    ...model,
    name: model.name.includes(':') ? model.name : `${model.name}:latest`,
  };
}

/** A model of that name, with the changes that the request makes to its base. */
export function createdFrom(base: ScriptedModel, body: CreateBody, name: string): ScriptedModel {
  const { template, system, parameters, messages, license, quantize } = body;
  const licenses = licensesOf(license);
  return {
    ...base,
    name,
    ...(template !== undefined && { template }),
    ...(system !== undefined && { system }),
    ...(messages !== undefined && { messages }),
    ...(licenses.length > 0 && { licenses: [...base.licenses, ...licenses] }),
    ...(quantize && { quantization: quantize.toUpperCase() }),
    parameters: { ...base.parameters, ...parameters },
  };
}

/** One model of each kind that clients distinguish. */
export const defaultModels = (): ScriptedModel[] => [
  scriptedModel({ name: 'chat-model' }),
  scriptedModel({
    name: 'thinking-model',
    capabilities: ['completion', 'tools', 'thinking'],
    size: 5_000_000_000,
    contextLength: 32_768,
    parameterSize: '8.2B',
  }),
  scriptedModel({
    name: 'embedding-model',
    capabilities: ['embedding'],
    size: 270_000_000,
    contextLength: 2048,
    family: 'bert',
    parameterSize: '137M',
    quantization: 'F16',
  }),
];

const digestOf = (model: ScriptedModel): string => createHash('sha256').update(JSON.stringify(model)).digest('hex');

const details = (model: ScriptedModel): JsonObject => ({
  parent_model: '',
  format: 'gguf',
  family: model.family,
  families: [model.family],
  parameter_size: model.parameterSize,
  quantization_level: model.quantization,
});

export const tagsEntry = (model: ScriptedModel, version: OllamaVersion): JsonObject => ({
  name: model.name,
  model: model.name,
  modified_at: model.modifiedAt,
  size: model.size,
  digest: digestOf(model),
  ...(version === '0.24'
    ? { details: details(model) }
    : {
        details: { ...details(model), context_length: model.contextLength, embedding_length: model.embeddingLength },
        capabilities: model.capabilities,
      }),
});

export const psEntry = (model: ScriptedModel, expiresAt: string): JsonObject => ({
  name: model.name,
  model: model.name,
  size: model.size + 500_000_000,
  digest: digestOf(model),
  details: details(model),
  expires_at: expiresAt,
  size_vram: model.size,
  context_length: model.contextLength,
});

export const showAnswer = (model: ScriptedModel): JsonObject => ({
  ...(model.licenses.length > 0 && { license: model.licenses.join('\n') }),
  modelfile: modelfileOf(
    { ...model, name: parseModelName(model.name)!, system: model.system },
    `sha256:${digestOf(model)}`,
  ),
  ...(Object.keys(model.parameters).length > 0 && { parameters: parametersText(model.parameters) }),
  template: model.template,
  ...(model.system && { system: model.system }),
  details: details(model),
  ...(model.messages.length > 0 && { messages: model.messages }),
  model_info: {
    'general.architecture': model.family,
    'general.parameter_count': 3_212_749_888,
    [`${model.family}.context_length`]: model.contextLength,
    [`${model.family}.embedding_length`]: model.embeddingLength,
  },
  tensors: [{ name: 'token_embd.weight', type: 'F16', shape: [model.embeddingLength, 1024] }],
  capabilities: model.capabilities,
  modified_at: model.modifiedAt,
});
