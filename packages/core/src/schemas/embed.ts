import * as z from 'zod';
import * as fields from './fields.ts';
import type * as api from './interfaces.ts';

/** Body of `POST /api/embed`. */
export const EmbedRequest = z.object({
  model: fields.model,
  input: z.union([z.string(), z.array(z.string())]).describe('Text or texts to embed'),
  truncate: fields.truncate,
  dimensions: z
    .number()
    .int()
    .optional()
    .describe('Shorten the vectors to this number of dimensions and normalize them again'),
  keep_alive: fields.keep_alive,
  options: fields.options,
});
export type EmbedRequest = api.EmbedRequest;

/** Answer of `POST /api/embed`: one vector of length 1 for each text, in order. */
export const EmbedResponse = z.looseObject({
  model: z.string().describe('Model that made the vectors'),
  embeddings: z.array(z.array(z.number())).describe('One vector of length 1 for each text, in order'),
  total_duration: fields.metrics.total_duration,
  load_duration: fields.metrics.load_duration,
  prompt_eval_count: fields.metrics.prompt_eval_count,
});
export type EmbedResponse = api.EmbedResponse;

/** Body of `POST /api/embeddings`, the older route: one text, no truncation, and a vector that is not normalized. */
export const EmbeddingsRequest = z.object({
  model: fields.model,
  prompt: z.string().describe('Text to embed'),
  keep_alive: fields.keep_alive,
  options: fields.options,
});
export type EmbeddingsRequest = api.EmbeddingsRequest;

export const EmbeddingsResponse = z.looseObject({
  embedding: z.array(z.number()).describe('The vector, which is not normalized'),
});
export type EmbeddingsResponse = api.EmbeddingsResponse;
