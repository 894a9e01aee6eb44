import * as z from 'zod';
import * as fields from './fields.ts';
import type * as api from './interfaces.ts';
import { Message, Tool, ToolCall } from './message.ts';

/** Body of `POST /api/chat`. */
export const ChatRequest = z.object({
  model: fields.model,
  messages: z.array(Message).describe('The conversation so far; if empty, the model is only loaded'),
  tools: z.array(Tool).optional().describe('Tools the model may call'),
  ...fields.answering,
});
export type ChatRequest = api.ChatRequest;

/** The message of the model: in a chunk, the next piece of it. */
export const AssistantMessage = z.looseObject({
  role: z.string().register(fields.docs, { doc: 'Always "assistant"', type: "'assistant'" }),
  content: z.string().describe('Text of the message'),
  thinking: z.string().optional().describe('Thinking of the model before the text'),
  tool_calls: z.array(ToolCall).optional().describe('Tool calls of the model'),
});
export type AssistantMessage = api.AssistantMessage;

/** One line of the answer of `POST /api/chat`, or the whole of it. */
export const ChatResponse = z.looseObject({
  ...fields.chunk,
  message: AssistantMessage.describe('Message of the model; in a chunk, the next piece of it'),
  ...fields.metrics,
});
export type ChatResponse = api.ChatResponse;
