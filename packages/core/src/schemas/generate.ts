import * as z from 'zod';
import * as fields from './fields.ts';
import type * as api from './interfaces.ts';
import { ToolCall } from './message.ts';

/** Body of `POST /api/generate`. */
export const GenerateRequest = z.object({
  model: fields.model,
  prompt: z.string().optional().describe('Text to answer; if empty, the model is only loaded'),
  suffix: z.string().optional().describe('Text after the gap to fill, for models that can insert text'),
  system: z.string().optional().describe("System prompt, instead of the model's own"),
  template: z.string().optional().describe("Prompt template, instead of the model's own"),
  context: z
    .array(z.number().int())
    .optional()
    .describe('Tokens of an earlier answer, to continue from it (deprecated by Ollama)'),
  raw: z.boolean().optional().describe('Send the prompt as it is, without the template'),
  images: fields.images,
  ...fields.answering,
});
export type GenerateRequest = api.GenerateRequest;

/** One line of the answer of `POST /api/generate`, or the whole of it. */
export const GenerateResponse = z.looseObject({
  ...fields.chunk,
  response: z.string().describe('Text of the answer; in a chunk, the next piece of it'),
  thinking: z.string().optional().describe('Thinking of the model before the text'),
  tool_calls: z.array(ToolCall).optional().describe('Tool calls of the model'),
  context: z.array(z.number()).optional().describe('Tokens so far, to continue from them (deprecated by Ollama)'),
  ...fields.metrics,
});
export type GenerateResponse = api.GenerateResponse;
