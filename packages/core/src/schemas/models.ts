/** What is installed and what is loaded: `/api/tags`, `/api/ps`, `/api/show`, `/api/copy`, `/api/delete`. */
import * as z from 'zod';
import * as fields from './fields.ts';
import { Message } from './message.ts';

export const InstalledModel = z.looseObject({
  name: z.string(),
  model: z.string(),
  remote_model: z.string().optional(),
  remote_host: z.string().optional(),
  modified_at: z.string(),
  size: z.number().describe('Bytes on disk'),
  digest: z.string(),
  details: fields.ModelDetails.optional(),
  capabilities: z.array(z.string()).optional().describe('"completion", "tools", "vision", "embedding", "thinking" …'),
});
export type InstalledModel = z.output<typeof InstalledModel>;

export const ListResponse = z.looseObject({ models: z.array(InstalledModel) });
export type ListResponse = z.output<typeof ListResponse>;

export const RunningModel = z.looseObject({
  name: z.string(),
  model: z.string(),
  size: z.number().describe('Bytes in memory'),
  digest: z.string(),
  details: fields.ModelDetails.optional(),
  expires_at: z.string().describe('When it will be unloaded'),
  size_vram: z.number().describe('Bytes of it on the GPU'),
  context_length: z.number().optional().describe('Context window it was loaded with, in tokens'),
});
export type RunningModel = z.output<typeof RunningModel>;

export const PsResponse = z.looseObject({ models: z.array(RunningModel) });
export type PsResponse = z.output<typeof PsResponse>;

export const ShowRequest = z.object({
  ...fields.named,
  verbose: z.boolean().optional().describe('Include the tensors and the long arrays'),
});
export type ShowRequest = z.input<typeof ShowRequest>;

export const ShowResponse = z.looseObject({
  license: z.string().optional(),
  modelfile: z.string().optional(),
  parameters: z.string().optional().describe('One "name value" a line'),
  template: z.string().optional(),
  system: z.string().optional(),
  renderer: z.string().optional(),
  parser: z.string().optional(),
  details: fields.ModelDetails,
  messages: z.array(Message.loose()).optional(),
  remote_model: z.string().optional(),
  remote_host: z.string().optional(),
  model_info: z.record(z.string(), z.unknown()).optional(),
  projector_info: z.record(z.string(), z.unknown()).optional(),
  tensors: z
    .array(z.looseObject({ name: z.string(), type: z.string(), shape: z.array(z.number()) }))
    .nullish()
    .describe('Only with verbose'),
  capabilities: z.array(z.string()).optional(),
  modified_at: z.string().optional(),
  requires: z.string().optional().describe('Oldest version of Ollama that runs it'),
});
export type ShowResponse = z.output<typeof ShowResponse>;

export const CopyRequest = z.object({
  source: fields.model,
  destination: z.string().describe('Name of the copy'),
});
export type CopyRequest = z.input<typeof CopyRequest>;

export const DeleteRequest = z.object(fields.named);
export type DeleteRequest = z.input<typeof DeleteRequest>;

/** The server answers copy and delete with an empty body. */
export const EmptyResponse = z.looseObject({});
export type EmptyResponse = z.output<typeof EmptyResponse>;
