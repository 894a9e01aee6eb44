import type { ShowResponse } from '@ollama-toolbelt/core';
import * as z from 'zod';
import { model } from '../support/input-fields.ts';
import { infoNumber } from '../support/model-facts.ts';
import { defineTool, readOnly, type ToolContext } from '../tool.ts';

/** Vocabularies have a hundred thousand entries; no reader wants them. */
const LONGEST_ARRAY = 64;
const MOST_TENSORS = 500;

export const showModel = defineTool({
  name: 'ollama_show_model',
  title: 'Show a local model',
  description: 'Details of one installed Ollama model: capabilities, context length, parameters, system prompt.',
  input: z.strictObject({
    model,
    verbose: z.boolean().optional().describe('Also licence, template, Modelfile, metadata, tensors'),
  }),
  output: z.looseObject({
    model: z.string(),
    capabilities: z.array(z.string()).optional(),
    family: z.string().optional(),
    params: z.string().optional(),
    quantization: z.string().optional(),
    context: z.number().optional(),
    embedding_length: z.number().optional(),
    parameters: z.string().optional().describe('Settings of its Modelfile'),
    system: z.string().optional(),
  }),
  annotations: readOnly,
  toolset: 'models',
  defaultModel: 'chat',
  run: readModel,
});

const isKnown = (value: unknown) => value !== undefined && value !== '';

function known<T extends { model: string }>(facts: T): T {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => isKnown(value))) as T;
}

function bulk(shown: ShowResponse): Record<string, unknown> {
  const { license, template, modelfile, model_info, projector_info, tensors, messages } = shown;
  const count = tensors?.length ?? 0;
  return Object.fromEntries(
    Object.entries({
      license,
      template,
      // The comment at its head only says how to use the file.
      modelfile: modelfile?.replace(/^(#.*\n)+/, '').trim(),
      messages,
      model_info: model_info && shortArrays(model_info),
      projector_info: projector_info && shortArrays(projector_info),
      tensors: tensors?.slice(0, MOST_TENSORS).map(({ name, type, shape }) => `${name} ${type} ${shape.join('x')}`),
      tensors_left_off: count > MOST_TENSORS ? count - MOST_TENSORS : undefined,
    }).filter(([, value]) => isKnown(value)),
  );
}

function shortArrays(info: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(info).map(([name, value]) => [
      name,
      Array.isArray(value) && value.length > LONGEST_ARRAY ? `(${value.length} items)` : value,
    ]),
  );
}

/** What is worth knowing of one model. */
export async function readModel(
  { model: name, verbose = false }: { model: string; verbose?: boolean | undefined },
  { ollama, signal }: Pick<ToolContext, 'ollama' | 'signal'>,
) {
  const shown = await ollama.show({ model: name, verbose }, { signal });
  const { details, model_info } = shown;
  return {
    ...known({
      model: name,
      capabilities: shown.capabilities,
      family: details?.family,
      params: details?.parameter_size,
      quantization: details?.quantization_level,
      context: details?.context_length ?? infoNumber(model_info, 'context_length'),
      embedding_length: details?.embedding_length ?? infoNumber(model_info, 'embedding_length'),
      parameters: shown.parameters,
      system: shown.system,
      remote_model: shown.remote_model,
      remote_host: shown.remote_host,
      modified_at: shown.modified_at,
      requires: shown.requires,
    }),
    ...(verbose && bulk(shown)),
  };
}
