/** Fields that several requests and responses share, each described once. */
import * as z from 'zod';
import type * as api from './interfaces.ts';
import { ModelOptions } from './model-options.ts';
import type * as values from './values.ts';
import type { Format, Image as ImageValue } from './values.ts';

/** Words that only types show, and a type that is wider or narrower than what is checked. Descriptions also reach models, as part of the list of MCP tools, where each of them costs. */
export const docs = z.registry<{ doc: string; type?: string }>();

export const model = z.string().describe('Name of the model, such as "llama3.2" or "llama3.2:1b"');

/** Most routes for models call the model `model`; `name` is its older name, which servers still accept. */
export const named = {
  model: model.optional().describe('Name of the model, such as "llama3.2" or "llama3.2:1b"'),
  name: model.optional().describe('Older name of `model`'),
};

export const keep_alive = z
  .union([z.string(), z.number()])
  .optional()
  .describe('How long the model stays loaded: "10m", a number of seconds, -1 forever, 0 to unload (default 5m)');

export const options = ModelOptions.optional().describe('Model and sampling options');

export const stream = z.boolean().optional().describe('Accepted but ignored: the method decides');

export const insecure = z.boolean().optional().describe('Allow a registry without TLS');

/** A JSON Schema document. */
export const JsonSchema = z.record(z.string(), z.unknown());
export type JsonSchema = values.JsonSchema;

export const format = z
  .custom<Format>((value) => value === 'json' || (typeof value === 'object' && value !== null))
  .optional()
  .describe('"json", or a JSON Schema the answer must follow');

export const think = z
  .union([z.boolean(), z.enum(['low', 'medium', 'high', 'max'])])
  .optional()
  .describe('Whether, or how much, the model thinks before it answers (default: on if it can)');

/** Has a name, so declarations contain it instead of `Uint8Array<…>`, which TypeScript 5.5 does not understand. */
export interface ImageSchema extends z.ZodType<ImageValue, ImageValue> {}
export type Image = ImageValue;
export const Image: ImageSchema = z.union([z.string(), z.instanceof(Uint8Array)]);

export const images = z.array(Image).optional().describe('Images as base64 or bytes, for vision models');

export const truncate = z
  .boolean()
  .optional()
  .describe('Truncate input that does not fit the context (default true); false makes it an error');

export const shift = z
  .boolean()
  .optional()
  .describe('Drop the oldest tokens when the context fills up while answering (default true)');

export const logprobs = z.boolean().optional().describe('Report the log probability of each token');

export const top_logprobs = z
  .number()
  .int()
  .optional()
  .describe('How many of the most likely tokens to report at each position (0 to 20)');

/** How an answer is made: the same for chat and generate. */
export const answering = { format, think, keep_alive, options, truncate, shift, logprobs, top_logprobs, stream };

const likely = {
  token: z.string().describe('Text of the token'),
  logprob: z.number().describe('Natural logarithm of its probability: 0 is certain'),
  bytes: z.array(z.number()).optional().describe('Bytes of the token in UTF-8; a character can span several tokens'),
};

/** One token of an answer and how likely it was. */
export const Logprob = z.looseObject({
  ...likely,
  top_logprobs: z
    .array(z.looseObject(likely))
    .optional()
    .describe('The most likely tokens at this position, with `top_logprobs`'),
});
export type Logprob = api.Logprob;

/** Counts and times of an answer, on its last chunk only. Durations are nanoseconds; the server leaves out what is 0. */
export const metrics = {
  total_duration: z.number().optional().describe('Nanoseconds from the request to the end'),
  load_duration: z.number().optional().describe('Nanoseconds spent loading the model'),
  prompt_eval_count: z.number().optional().describe('Tokens in the prompt'),
  prompt_eval_duration: z.number().optional().describe('Nanoseconds spent evaluating the prompt'),
  eval_count: z.number().optional().describe('Tokens in the answer, including thinking and tool calls'),
  eval_duration: z.number().optional().describe('Nanoseconds spent generating the answer'),
};

/** What every chunk of an answer contains. */
export const chunk = {
  model: z.string().describe('Model that answered, by the name in the request'),
  created_at: z.string().describe('Time of this chunk, in RFC 3339 format'),
  remote_model: z.string().optional().describe('Cloud model that answered'),
  remote_host: z.string().optional().describe('Host of the cloud model'),
  done: z.boolean().describe('Whether this is the last chunk'),
  done_reason: z.string().optional().describe('"stop", "length", "load" or "unload"'),
  logprobs: z.array(Logprob).optional().describe('How likely each token was, with `logprobs`'),
};

export const ModelDetails = z.looseObject({
  parent_model: z.string().optional().describe('Model that it was created from'),
  format: z.string().optional().describe('Format of the weights: "gguf" or "safetensors"'),
  family: z.string().optional().describe('Architecture, such as "llama"'),
  families: z.array(z.string()).nullish().describe('All architectures in it, such as "llama" and "clip"'),
  parameter_size: z.string().optional().describe('Number of parameters, rounded, such as "3.2B"'),
  quantization_level: z.string().optional().describe('Quantization of the weights, such as "Q4_K_M"'),
  context_length: z.number().optional().describe('Longest context that the model supports, in tokens'),
  embedding_length: z.number().optional().describe('Dimensions of an embedding vector'),
});
export type ModelDetails = api.ModelDetails;
