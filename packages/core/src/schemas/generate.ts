import * as z from 'zod';
import * as fields from './fields.ts';
import type * as api from './interfaces.ts';
import { ToolCall } from './message.ts';

/** Body of `POST /api/generate`. */
export const GenerateRequest = z.object({
  model: fields.model,
  prompt: z.string().optional().describe('What the model answers; empty only loads the model'),
  suffix: z.string().optional().describe('Text that follows the gap to fill, for models that can insert'),
  system: z.string().optional().describe("System prompt, instead of the model's own"),
  template: z.string().optional().describe("Prompt template, instead of the model's own"),
  context: z
    .array(z.number().int())
    .optional()
    .describe('Tokens of an earlier answer, to continue from it (deprecated by Ollama)'),
  raw: z.boolean().optional().describe('Send the prompt as it is, without template'),
  images: fields.images,
  ...fields.answering,
});
export type GenerateRequest = api.GenerateRequest;

/** One line of the answer of `POST /api/generate`, or the whole of it. */
export const GenerateResponse = z.looseObject({
  ...fields.chunk,
  response: z.string().describe('The text: a piece of it in a chunk'),
  thinking: z.string().optional().describe('What the model thought before it'),
  tool_calls: z.array(ToolCall).optional().describe('Tools that the model calls'),
  context: z.array(z.number()).optional().describe('Tokens so far, to continue from (deprecated by Ollama)'),
  ...fields.metrics,
});
export type GenerateResponse = api.GenerateResponse;
