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
    .describe('Text of a Modelfile; the client turns it into the other fields, which beat it where both are given'),
  from: z.string().optional().describe('Model to start from; the server pulls it if it is missing'),
  files: z.record(z.string(), z.string()).optional().describe('File name to digest of an uploaded blob'),
  adapters: z.record(z.string(), z.string()).optional().describe('LoRA file name to digest of an uploaded blob'),
  draft_files: z.record(z.string(), z.string()).optional().describe('Draft model: file name to digest'),
  template: z.string().optional().describe('Prompt template'),
  system: z.string().optional().describe('System prompt'),
  parameters: fields.options.describe('Defaults of the model: its PARAMETERs'),
  messages: z.array(Message).optional().describe('Messages every chat with the model starts with'),
  license: z
    .union([z.string(), z.array(z.string())])
    .optional()
    .describe('License text or texts'),
  renderer: z.string().optional().describe("Name of one of Ollama's built-in prompt renderers"),
  parser: z.string().optional().describe("Name of one of Ollama's built-in answer parsers"),
  requires: z.string().optional().describe('Oldest version of Ollama that runs it'),
  quantize: z.string().optional().describe('Quantize to this type, such as "q4_K_M"'),
  draft_quantize: z.string().optional().describe('Quantize the draft model to this type'),
  remote_host: z.string().optional().describe('Host of a remote model'),
  info: z.record(z.string(), z.unknown()).optional().describe('Facts about a remote model'),
  stream: fields.stream,
});
export type CreateRequest = api.CreateRequest;

/** One line of progress. The last one has the status "success". */
export const ProgressResponse = z.looseObject({
  status: z.string().describe('What is done at the moment; "success" at the end'),
  digest: z.string().optional().describe('Layer this line is about'),
  total: z.number().optional().describe('Bytes of the layer'),
  completed: z.number().optional().describe('Bytes that are there'),
});
export type ProgressResponse = api.ProgressResponse;
