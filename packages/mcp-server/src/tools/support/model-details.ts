import { modelNumber, type ShowResponse } from '@ollama-toolbelt/core/neutral';
import type { ToolContext } from '../tool-context.ts';

/** Leaves out vocabularies, which have a hundred thousand entries. */
const MAX_ARRAY_LENGTH = 64;
const MAX_TENSORS = 500;

/** The useful facts about one model. */
export async function readModel(
  { model: name, verbose = false }: { model: string; verbose?: boolean | undefined },
  { ollama, signal }: Pick<ToolContext, 'ollama' | 'signal'>,
) {
  const shown = await ollama.show({ model: name, verbose }, { signal });
  const { details } = shown;
  return {
    ...known({
      model: name,
      capabilities: shown.capabilities,
      family: details?.family,
      params: details?.parameter_size,
      quantization: details?.quantization_level,
      context: modelNumber(shown, 'context_length'),
      embedding_length: modelNumber(shown, 'embedding_length'),
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
      // Its first comment only says how to use the file.
      modelfile: modelfile?.replace(/^(#.*\n)+/, '').trim(),
      messages,
      model_info: model_info && shortArrays(model_info),
      projector_info: projector_info && shortArrays(projector_info),
      tensors: tensors?.slice(0, MAX_TENSORS).map(({ name, type, shape }) => `${name} ${type} ${shape.join('x')}`),
      tensors_left_off: count > MAX_TENSORS ? count - MAX_TENSORS : undefined,
    }).filter(([, value]) => isKnown(value)),
  );
}

function shortArrays(info: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(info).map(([name, value]) => [
      name,
      Array.isArray(value) && value.length > MAX_ARRAY_LENGTH ? `(${value.length} items)` : value,
    ]),
  );
}
