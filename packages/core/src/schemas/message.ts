import * as z from 'zod';
import { docs, Image, JsonSchema } from './fields.ts';
import type * as api from './interfaces.ts';

/** A tool call by the model. `arguments` is an object in both directions, never JSON text. */
export const ToolCall = z.looseObject({
  id: z.string().optional().register(docs, { doc: 'Id of the call, for `tool_call_id` of its result' }),
  function: z
    .looseObject({
      index: z.number().int().optional().register(docs, { doc: 'Index among the calls of this answer, from 0' }),
      name: z.string().register(docs, { doc: 'Name of the tool' }),
      arguments: z.record(z.string(), z.unknown()).register(docs, { doc: 'Arguments as an object, not as JSON text' }),
    })
    .register(docs, { doc: 'Function to call, and its arguments' }),
});
export type ToolCall = api.ToolCall;

/** A tool the model may call. The server drops JSON Schema keywords it does not know, such as `oneOf` or `pattern`. */
export const Tool = z.looseObject({
  type: z.string().describe('"function"'),
  function: z
    .looseObject({
      name: z.string().register(docs, { doc: 'Name of the tool' }),
      description: z
        .string()
        .optional()
        .register(docs, { doc: 'Tells the model what the tool does and when to use it' }),
      parameters: JsonSchema.optional().describe('JSON Schema of the arguments'),
    })
    .register(docs, { doc: 'The function that can be called' }),
});
export type Tool = api.Tool;

/** One message of a chat. */
export const Message = z.object({
  role: z.enum(['system', 'user', 'assistant', 'tool']).register(docs, {
    doc: 'Author of the message: "system", "user", "assistant" or "tool"',
    // A list written separately from its request has roles of type string.
    type: "'system' | 'user' | 'assistant' | 'tool' | OtherText",
  }),
  content: z
    .string()
    .nullable()
    .describe('Text of the message; null, which other APIs use with tool calls, counts as empty'),
  thinking: z.string().optional().describe('Thinking of the model before this answer'),
  images: z.array(Image).optional().describe('Images as base64 or bytes, for vision models'),
  tool_calls: z.array(ToolCall).optional().describe('Tool calls of the model'),
  tool_name: z.string().optional().describe('With role "tool": name of the tool that returned this result'),
  tool_call_id: z.string().optional().describe('With role "tool": id of the call that returned this result'),
});
export type Message = api.Message;
