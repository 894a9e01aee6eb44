import { ShowRequest } from '@ollama-toolbelt/core/schemas';
import * as z from 'zod';
import * as fields from '../support/input-fields.ts';
import { readModel } from '../support/model-details.ts';
import { defineTool, readOnly } from '../tool.ts';

export const showModel = defineTool({
  name: 'ollama_show_model',
  title: 'Show a local model',
  description: 'Shows one installed Ollama model: capabilities, context length, parameters, system prompt.',
  input: z.strictObject({
    model: fields.model,
    verbose: ShowRequest.shape.verbose.describe('Also license, template, Modelfile, metadata, tensors'),
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
