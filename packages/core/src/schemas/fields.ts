/** Fields that several requests and answers share, each described once. */
import * as z from 'zod';
import { ModelOptions } from './model-options.ts';

export const model = z.string().describe('Name of the model, such as "llama3.2" or "llama3.2:1b"');

/** Most routes on models name the model by `model`; `name` is the older word, which servers still take. */
export const named = { model: model.optional(), name: model.optional() };

export const keep_alive = z
  .union([z.string(), z.number()])
  .optional()
  .describe('Time the model stays loaded: "10m", seconds, -1 for ever, 0 to unload (default 5m)');

export const options = ModelOptions.optional().describe('Model and sampling options');

export const stream = z.boolean().optional().describe('Accepted and without effect: the method decides');

export const insecure = z.boolean().optional().describe('Allow a registry without TLS');

/** A JSON Schema document. */
export const JsonSchema = z.record(z.string(), z.unknown());
export type JsonSchema = z.infer<typeof JsonSchema>;

/** A validator that can describe itself as JSON Schema, such as a zod schema (4.2 or newer). */
export interface SchemaLike<T = unknown> {
  toJSONSchema(params?: { io?: 'input' | 'output' }): object;
  parse(value: unknown): T;
}

export type Format = 'json' | JsonSchema | SchemaLike;

export const format = z
  .custom<Format>((value) => value === 'json' || (typeof value === 'object' && value !== null))
  .optional()
  .describe('"json", or a JSON Schema the answer must follow');

export const think = z
  .union([z.boolean(), z.enum(['low', 'medium', 'high', 'max'])])
  .optional()
  .describe('Let a thinking model think (default: on where it can)');

/** An image as base64 text (a `data:` prefix is taken off) or as bytes. A string is never read as a path. */
export type Image = string | Uint8Array;
/** Has a name, so that declarations say that in place of `Uint8Array<…>`, which TypeScript 5.5 does not understand. */
export interface ImageSchema extends z.ZodType<Image, Image> {}
export const Image: ImageSchema = z.union([z.string(), z.instanceof(Uint8Array)]);

export const images = z.array(Image).optional().describe('Images as base64 or bytes, for models with vision');

export const truncate = z
  .boolean()
  .optional()
  .describe('Cut what does not fit the context (default true); false makes it an error');

export const shift = z
  .boolean()
  .optional()
  .describe('Drop the oldest tokens when the context fills up while answering (default true)');

export const logprobs = z.boolean().optional().describe('Report the log probability of each token');

export const top_logprobs = z
  .number()
  .int()
  .optional()
  .describe('How many likeliest tokens to report at each place (0 to 20)');

/** How an answer is made: the same for chat and generate. */
export const answering = { format, think, keep_alive, options, truncate, shift, logprobs, top_logprobs, stream };

/** One token of an answer and how likely it was. */
export const Logprob = z.looseObject({
  token: z.string(),
  logprob: z.number(),
  bytes: z.array(z.number()).optional(),
  top_logprobs: z
    .array(z.looseObject({ token: z.string(), logprob: z.number(), bytes: z.array(z.number()).optional() }))
    .optional(),
});
export type Logprob = z.output<typeof Logprob>;

/** Counts and times of an answer, on its last chunk only. Durations are nanoseconds; the server leaves out what is 0. */
export const metrics = {
  total_duration: z.number().optional().describe('Nanoseconds from the request to the end'),
  load_duration: z.number().optional().describe('Nanoseconds spent on loading the model'),
  prompt_eval_count: z.number().optional().describe('Tokens of the prompt'),
  prompt_eval_duration: z.number().optional().describe('Nanoseconds spent on the prompt'),
  eval_count: z.number().optional().describe('Tokens of the answer, its thinking and tool calls included'),
  eval_duration: z.number().optional().describe('Nanoseconds spent on the answer'),
};

/** What every chunk of an answer carries. */
export const chunk = {
  model: z.string(),
  created_at: z.string(),
  remote_model: z.string().optional().describe('Model at the cloud that answered'),
  remote_host: z.string().optional().describe('Host that answered for this server'),
  done: z.boolean(),
  done_reason: z.string().optional().describe('"stop", "length", "load" or "unload"'),
  logprobs: z.array(Logprob).optional(),
};

export const ModelDetails = z.looseObject({
  parent_model: z.string().optional(),
  format: z.string().optional(),
  family: z.string().optional(),
  families: z.array(z.string()).nullish(),
  parameter_size: z.string().optional(),
  quantization_level: z.string().optional(),
  context_length: z.number().optional(),
  embedding_length: z.number().optional(),
});
export type ModelDetails = z.output<typeof ModelDetails>;
