/**
 * Arguments that several tools share, picked from the core's schemas and cut to what a model needs to see. The list of
 * tools is part of every prompt of the host's model, so a field keeps its description only if its name does not say enough.
 */
import { ChatRequest, GenerateRequest, Message, ModelOptions, Tool, ToolCall } from '@ollama-toolbelt/core/schemas';
import * as z from 'zod';
import { modelName } from './model-name.ts';

/** The same field without its description. */
export const bare = <Field extends z.ZodType>(field: Field): Field => field.describe('');

export const model = modelName;
export const prompts = z.array(z.string()).optional();
export const files = z.array(z.string()).optional().describe('Paths of text files');
/** The core also takes bytes, which JSON cannot carry. */
export const images = z.array(z.string()).optional().describe('base64');
/** Descriptions of fields if folders are allowed. */
export const withFiles = { images: 'base64 or paths' };

export const keep_alive = ChatRequest.shape.keep_alive.describe('Time it stays loaded: "10m", seconds, -1 for ever');

const { temperature, seed, num_predict, num_ctx } = ModelOptions.shape;

/** How chat and generate answer. */
export const answering = {
  /** The core also takes validators, which JSON cannot carry. */
  format: z
    .union([z.literal('json'), z.record(z.string(), z.unknown())])
    .optional()
    .describe(ChatRequest.shape.format.description ?? ''),
  think: ChatRequest.shape.think,
  keep_alive,
  /** The common options by name; all others of Ollama pass through. */
  options: z
    .looseObject({ temperature: bare(temperature), seed: bare(seed), num_predict, num_ctx })
    .optional()
    .describe("Ollama's model options, also those not named here"),
};

/** For tools that only pass options on. */
export const anyOptions = z.looseObject({}).optional();

export const { suffix, raw } = GenerateRequest.shape;
export const prompt = bare(GenerateRequest.shape.prompt);
export const system = bare(GenerateRequest.shape.system);

/** For what cannot be undone. */
export const confirm = z.string().optional().describe('Name of the model again, where the client cannot ask');
export const confirmReplacing = confirm.describe('Name of a model that is replaced, where the client cannot ask');

const toolCall = ToolCall.omit({ id: true }).extend({ function: ToolCall.shape.function.omit({ index: true }) });

/** Other fields of a message, such as its thinking, pass through. */
export const message = Message.pick({ role: true, content: true })
  .extend({
    images: z.array(z.string()).optional(),
    tool_calls: z.array(toolCall).optional(),
    tool_name: bare(Message.shape.tool_name),
    tool_call_id: bare(Message.shape.tool_call_id),
  })
  .loose();

const functionOf = Tool.shape.function;

export const tool = Tool.extend({
  type: z.literal('function'),
  function: functionOf.extend({ parameters: bare(functionOf.shape.parameters) }),
});
