/** Installed and loaded models: `/api/tags`, `/api/ps`, `/api/show`, `/api/copy`, `/api/delete`. */
import * as z from 'zod';
import * as fields from './fields.ts';
import type * as api from './interfaces.ts';
import { Message } from './message.ts';

export const InstalledModel = z.looseObject({
  name: z.string().describe('Name and tag, such as "llama3.2:latest"'),
  model: z.string().describe('The same name'),
  remote_model: z.string().optional().describe('Name of the cloud model behind it'),
  remote_host: z.string().optional().describe('Host of the cloud model'),
  modified_at: z.string().describe('Time of the last change, in RFC 3339 format'),
  size: z.number().describe('Bytes on disk'),
  digest: z.string().describe('SHA-256 of its manifest, in hex; it changes with the model'),
  details: fields.ModelDetails.optional().describe('Format, family, size and quantization'),
  capabilities: z.array(z.string()).optional().describe('"completion", "tools", "vision", "embedding", "thinking" …'),
});
export type InstalledModel = api.InstalledModel;

export const ListResponse = z.looseObject({
  models: z.array(InstalledModel).describe('The installed models, most recently changed first'),
});
export type ListResponse = api.ListResponse;

export const RunningModel = z.looseObject({
  name: z.string().describe('Name and tag, such as "llama3.2:latest"'),
  model: z.string().describe('The same name'),
  size: z.number().describe('Bytes in memory'),
  digest: z.string().describe('SHA-256 of its manifest, in hex'),
  details: fields.ModelDetails.optional().describe('Format, family, size and quantization'),
  expires_at: z.string().describe('When it will be unloaded'),
  size_vram: z.number().describe('Bytes of these in GPU memory'),
  context_length: z.number().optional().describe('Context window it was loaded with, in tokens'),
});
export type RunningModel = api.RunningModel;

export const PsResponse = z.looseObject({
  models: z.array(RunningModel).describe('The loaded models, the one that stays loaded longest first'),
});
export type PsResponse = api.PsResponse;

export const ShowRequest = z.object({
  ...fields.named,
  verbose: z.boolean().optional().describe('Include the tensors, and long arrays such as the vocabulary'),
});
export type ShowRequest = api.ShowRequest;

export const ShowResponse = z.looseObject({
  license: z.string().optional().describe('Text of the license'),
  modelfile: z.string().optional().describe('Modelfile that creates the model again'),
  parameters: z.string().optional().describe('One "name value" a line'),
  template: z.string().optional().describe('Prompt template'),
  system: z.string().optional().describe('System prompt'),
  renderer: z.string().optional().describe("Name of one of Ollama's built-in prompt renderers"),
  parser: z.string().optional().describe("Name of one of Ollama's built-in answer parsers"),
  details: fields.ModelDetails.describe('Format, family, size and quantization'),
  messages: z.array(Message.loose()).optional().describe('Messages that every chat with it starts with'),
  remote_model: z.string().optional().describe('Name of the cloud model behind it'),
  remote_host: z.string().optional().describe('Host of the cloud model'),
  model_info: z
    .record(z.string(), z.unknown())
    .optional()
    .describe('Metadata of the weights by key, such as "llama.context_length"'),
  projector_info: z.record(z.string(), z.unknown()).optional().describe('Metadata of the vision part by key'),
  tensors: z
    .array(
      z.looseObject({
        name: z.string().describe('Name of the tensor'),
        type: z.string().describe('Type of its numbers, such as "F16"'),
        shape: z.array(z.number()).describe('Its dimensions'),
      }),
    )
    .nullish()
    .describe('Only with verbose'),
  capabilities: z.array(z.string()).optional().describe('"completion", "tools", "vision", "embedding", "thinking" …'),
  modified_at: z.string().optional().describe('Time of the last change, in RFC 3339 format'),
  requires: z.string().optional().describe('Minimum version of Ollama'),
});
export type ShowResponse = api.ShowResponse;

export const CopyRequest = z.object({
  source: fields.model,
  destination: z.string().describe('Name of the copy'),
});
export type CopyRequest = api.CopyRequest;

export const DeleteRequest = z.object(fields.named);
export type DeleteRequest = api.DeleteRequest;

/** The server answers copy and delete with an empty body. */
export const EmptyResponse = z.looseObject({});
export type EmptyResponse = api.EmptyResponse;
