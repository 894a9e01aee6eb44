import * as z from 'zod';
import * as fields from './fields.ts';
import { Message, Tool, ToolCall } from './message.ts';

/** Body of `POST /api/chat`. */
export const ChatRequest = z.object({
  model: fields.model,
  messages: z.array(Message).describe('The conversation so far; empty only loads the model'),
  tools: z.array(Tool).optional().describe('Tools the model may call'),
  ...fields.answering,
});
export type ChatRequest = z.input<typeof ChatRequest>;

/** What the model says: a piece of it in a chunk, all of it in a whole answer. */
export const AssistantMessage = z.looseObject({
  role: z.string(),
  content: z.string(),
  thinking: z.string().optional(),
  tool_calls: z.array(ToolCall).optional(),
});
export type AssistantMessage = z.output<typeof AssistantMessage>;

/** One line of the answer of `POST /api/chat`, or the whole of it. */
export const ChatResponse = z.looseObject({
  ...fields.chunk,
  message: AssistantMessage,
  ...fields.metrics,
});
export type ChatResponse = z.output<typeof ChatResponse>;
