/**
 * Arguments that several tools share: the core's, cut to what a model needs to see. The list of tools is part of every
 * prompt of the host's model, so that a description stays only where the name does not do.
 */
import { ChatRequest, GenerateRequest, Message, ModelOptions, Tool } from '@ollama-toolbelt/core/schemas';
import * as z from 'zod';

export const { think } = ChatRequest.shape;
export const keep_alive = ChatRequest.shape.keep_alive.describe('Time it stays loaded: "10m", seconds, -1 for ever');
export const { suffix, raw } = GenerateRequest.shape;

/** The same field without its description. */
const bare = <Field extends z.ZodType>(field: z.ZodOptional<Field>) => field.unwrap().optional();

export const model = z.string();
export const system = bare(GenerateRequest.shape.system);

/** The core also takes validators, which JSON cannot carry. */
export const format = z
  .union([z.literal('json'), z.record(z.string(), z.unknown())])
  .optional()
  .describe(ChatRequest.shape.format.description ?? '');

/** The core also takes bytes, which JSON cannot carry. */
export const images = z.array(z.string()).optional().describe('base64');

export const files = z.array(z.string()).optional().describe('Paths of text files');

/** What the descriptions are where folders are allowed. */
export const withFiles = { images: 'base64 or paths' };

export const prompts = z.array(z.string()).optional();

/** For what cannot be taken back. */
export const confirm = z.string().optional().describe('Name of the model again, where the client cannot ask');

const toolCall = z.looseObject({
  function: z.looseObject({ name: z.string(), arguments: z.record(z.string(), z.unknown()) }),
});

/** Other fields of a message, such as its thinking, pass through. */
export const message = Message.pick({ role: true, content: true })
  .extend({
    images: z.array(z.string()).optional(),
    tool_calls: z.array(toolCall).optional(),
    tool_name: bare(Message.shape.tool_name),
    tool_call_id: bare(Message.shape.tool_call_id),
  })
  .loose();

const functionShape = Tool.shape.function.shape;

export const tool = z.looseObject({
  type: z.literal('function'),
  function: z.looseObject({
    name: functionShape.name,
    description: functionShape.description,
    parameters: bare(functionShape.parameters),
  }),
});

const { temperature, seed, num_predict, num_ctx } = ModelOptions.shape;

/** The common options by name; all others of Ollama pass through. */
export const options = z
  .looseObject({
    temperature: bare(temperature),
    seed: bare(seed),
    num_predict,
    num_ctx,
  })
  .optional()
  .describe("Ollama's model options, also those not named here");
