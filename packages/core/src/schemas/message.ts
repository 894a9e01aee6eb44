import * as z from 'zod';
import { Image, JsonSchema } from './fields.ts';

/** A call of a tool that the model asks for. `arguments` is an object in both directions, never JSON text. */
export const ToolCall = z.looseObject({
  id: z.string().optional(),
  function: z.looseObject({
    index: z.number().int().optional(),
    name: z.string(),
    arguments: z.record(z.string(), z.unknown()),
  }),
});
export type ToolCall = z.output<typeof ToolCall>;

/** A tool the model may call. The server drops JSON Schema keywords it does not know, such as `oneOf` or `pattern`. */
export const Tool = z.looseObject({
  type: z.string().describe('"function"'),
  function: z.looseObject({
    name: z.string(),
    description: z.string().optional(),
    parameters: JsonSchema.optional().describe('JSON Schema of the arguments'),
  }),
});
export type Tool = z.input<typeof Tool>;

/** One message of a chat. */
export const Message = z.object({
  role: z.enum(['system', 'user', 'assistant', 'tool']),
  content: z.string().nullable().describe('The text; null counts as empty, as other APIs write it beside tool calls'),
  thinking: z.string().optional().describe('What the model thought before this answer'),
  images: z.array(Image).optional().describe('Images as base64 or bytes, for models with vision'),
  tool_calls: z.array(ToolCall).optional().describe('Tools the model called'),
  tool_name: z.string().optional().describe('With role "tool": the tool this is the result of'),
  tool_call_id: z.string().optional().describe('With role "tool": the id of the call this is the result of'),
});
export type Message = z.input<typeof Message>;
