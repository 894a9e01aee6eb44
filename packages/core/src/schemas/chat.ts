import * as z from 'zod';
import * as fields from './fields.ts';
import type * as api from './interfaces.ts';
import { Message, Tool, ToolCall } from './message.ts';

/** Body of `POST /api/chat`. */
export const ChatRequest = z.object({
  model: fields.model,
  messages: z.array(Message).describe('The conversation so far; empty only loads the model'),
  tools: z.array(Tool).optional().describe('Tools the model may call'),
  ...fields.answering,
});
export type ChatRequest = api.ChatRequest;

/** What the model says: a piece of it in a chunk, all of it in a whole answer. */
export const AssistantMessage = z.looseObject({
  role: z.string().register(fields.docs, { doc: 'Who says it', type: "'assistant'" }),
  content: z.string().describe('The text'),
  thinking: z.string().optional().describe('What the model thought before it'),
  tool_calls: z.array(ToolCall).optional().describe('Tools that the model calls'),
});
export type AssistantMessage = api.AssistantMessage;

/** One line of the answer of `POST /api/chat`, or the whole of it. */
export const ChatResponse = z.looseObject({
  ...fields.chunk,
  message: AssistantMessage.describe('What the model says: a piece of it in a chunk'),
  ...fields.metrics,
});
export type ChatResponse = api.ChatResponse;
