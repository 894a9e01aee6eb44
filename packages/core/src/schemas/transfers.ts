/** Long operations on models, reported line by line: `/api/pull`, `/api/push`, `/api/create`. */
import * as z from 'zod';
import * as fields from './fields.ts';
import type * as api from './interfaces.ts';
import { Message } from './message.ts';

export const PullRequest = z.object({ ...fields.named, insecure: fields.insecure, stream: fields.stream });
export type PullRequest = api.PullRequest;

export const PushRequest = z.object({ ...fields.named, insecure: fields.insecure, stream: fields.stream });
export type PushRequest = api.PushRequest;

/** Body of `POST /api/create`: a model made from an installed one (`from`) or from uploaded files. */
export const CreateRequest = z.object({
  ...fields.named,
  modelfile: z
    .string()
    .optional()
    .describe(
      'Text of a Modelfile; the client converts it into the other fields. A field that is also given takes precedence.',
    ),
  from: z.string().optional().describe('Model to start from; the server pulls it if it is missing'),
  files: z.record(z.string(), z.string()).optional().describe('Digests of uploaded blobs by file name'),
  adapters: z.record(z.string(), z.string()).optional().describe('Digests of uploaded LoRA adapters by file name'),
  draft_files: z
    .record(z.string(), z.string())
    .optional()
    .describe('Digests of uploaded blobs of the draft model by file name'),
  template: z.string().optional().describe('Prompt template'),
  system: z.string().optional().describe('System prompt'),
  parameters: fields.options.describe('Default options of the model: its PARAMETERs'),
  messages: z.array(Message).optional().describe('Messages that every chat with the model starts with'),
  license: z
    .union([z.string(), z.array(z.string())])
    .optional()
    .describe('License text or texts'),
  renderer: z.string().optional().describe("Name of one of Ollama's built-in prompt renderers"),
  parser: z.string().optional().describe("Name of one of Ollama's built-in answer parsers"),
  requires: z.string().optional().describe('Minimum version of Ollama'),
  quantize: z.string().optional().describe('Quantize to this type, such as "q4_K_M"'),
  draft_quantize: z.string().optional().describe('Quantize the draft model to this type'),
  remote_host: z.string().optional().describe('Host of a remote model'),
  info: z.record(z.string(), z.unknown()).optional().describe('Metadata of a remote model'),
  stream: fields.stream,
});
export type CreateRequest = api.CreateRequest;

/** One line of progress. The last one has the status "success". */
export const ProgressResponse = z.looseObject({
  status: z.string().describe('Current step; "success" at the end'),
  digest: z.string().optional().describe('Digest of the layer that this line is about'),
  total: z.number().optional().describe('Size of the layer, in bytes'),
  completed: z.number().optional().describe('Bytes of the layer that have been transferred'),
});
export type ProgressResponse = api.ProgressResponse;
