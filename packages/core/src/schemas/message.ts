import * as z from 'zod';
import { docs, Image, JsonSchema } from './fields.ts';
import type * as api from './interfaces.ts';

/** A tool call by the model. `arguments` is an object in both directions, never JSON text. */
export const ToolCall = z.looseObject({
  id: z.string().optional().register(docs, { doc: 'Id of the call, to name in its result' }),
  function: z
    .looseObject({
      index: z.number().int().optional().register(docs, { doc: 'Place among the calls of this answer, from 0' }),
      name: z.string().register(docs, { doc: 'Name of the tool' }),
      arguments: z.record(z.string(), z.unknown()).register(docs, { doc: 'Arguments by name, never JSON text' }),
    })
    .register(docs, { doc: 'What to call, and with what' }),
});
export type ToolCall = api.ToolCall;

/** A tool the model may call. The server drops JSON Schema keywords it does not know, such as `oneOf` or `pattern`. */
export const Tool = z.looseObject({
  type: z.string().describe('"function"'),
  function: z
    .looseObject({
      name: z.string().register(docs, { doc: 'Name of the tool' }),
      description: z.string().optional().register(docs, { doc: 'What it does and when to use it, for the model' }),
      parameters: JsonSchema.optional().describe('JSON Schema of the arguments'),
    })
    .register(docs, { doc: 'What can be called' }),
});
export type Tool = api.Tool;

/** One message of a chat. */
export const Message = z.object({
  role: z.enum(['system', 'user', 'assistant', 'tool']).register(docs, {
    doc: 'Who says it: "system", "user", "assistant" or "tool"',
    // A list written separately from its request has roles of type string.
    type: "'system' | 'user' | 'assistant' | 'tool' | OtherText",
  }),
  content: z.string().nullable().describe('The text; null counts as empty, as other APIs write it beside tool calls'),
  thinking: z.string().optional().describe('What the model thought before this answer'),
  images: z.array(Image).optional().describe('Images as base64 or bytes, for models with vision'),
  tool_calls: z.array(ToolCall).optional().describe('Tools the model called'),
  tool_name: z.string().optional().describe('With role "tool": the tool this is the result of'),
  tool_call_id: z.string().optional().describe('With role "tool": the id of the call this is the result of'),
});
export type Message = api.Message;
