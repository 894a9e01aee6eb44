/** Arguments that several tools share, picked from the core's schemas and cut to what a model needs to see. */
import { ChatRequest, GenerateRequest, ModelOptions } from '@ollama-toolbelt/core/schemas';
import * as z from 'zod';

export const { model, think, keep_alive } = ChatRequest.shape;

/** The common options by name; all others of Ollama pass through. */
export const options = ModelOptions.pick({
  temperature: true,
  top_p: true,
  seed: true,
  num_predict: true,
  num_ctx: true,
  stop: true,
})
  .loose()
  .optional()
  .describe("Any of Ollama's model options");

/** The core also takes validators, which JSON cannot carry. */
export const format = z
  .union([z.literal('json'), z.record(z.string(), z.unknown())])
  .optional()
  .describe(ChatRequest.shape.format.description ?? '');

/** The core also takes bytes, which JSON cannot carry. */
export const images = z.array(z.string()).optional().describe('Images as base64, for models with vision');

export const { prompt, system, suffix, raw } = GenerateRequest.shape;
