/**
 * Arguments that several tools share: the core's schemas, reduced to what a model needs. The list of tools is part of
 * every prompt of the host's model, so a field only keeps its description if its name is not clear enough.
 */
import { ChatRequest, GenerateRequest, Message, ModelOptions, Tool, ToolCall } from '@ollama-toolbelt/core/schemas';
import * as z from 'zod';
import { listedAs, meantEmpty, unlisted, word } from '../field-marks.ts';
import { modelName } from './model-name.ts';

/** The same field without its description. */
export const bare = <Field extends z.ZodType>(field: Field): Field => field.describe('');

export const model = modelName;
export const prompts = z.array(z.string()).optional();
export const files = z.array(z.string()).optional().describe('Text files by path or glob; otherwise omit');
export const for_each = z.enum(['file']).optional().describe('One answer for each file; otherwise omit');
export const output = word(z.string().optional().describe('With for_each: .jsonl file to write to'));
export const offset = z.number().int().min(0).optional().describe('N of [cut: N of M characters]');
/** The core also accepts bytes, which JSON cannot express. */
export const images = z.array(z.string()).optional().describe('base64');
/** The needs of the fields about files. */
export const fileNeeds = { files: 'files', for_each: 'files', output: 'output' } as const;
/** Descriptions of fields if folders are allowed. */
export const withFiles = { images: 'base64 or paths' };

/** Listed without `anyOf`, which Gemini and Vertex reject next to a description. Both forms are accepted. */
export const keep_alive = word(
  listedAs(ChatRequest.shape.keep_alive.describe('How long it stays loaded: "10m", "-1" forever; otherwise omit'), {
    type: 'string',
  }),
);

/** A boolean or a level, listed like `keep_alive`. */
const think = listedAs(ChatRequest.shape.think.describe('Omit for the default'), {
  type: 'string',
  enum: ['true', 'false', 'low', 'medium', 'high', 'max'],
});

const { temperature, seed, num_predict, num_ctx, ...otherOptions } = ModelOptions.shape;
const unlistedOptions = Object.fromEntries(
  Object.entries(otherOptions).map(([name, field]) => [name, unlisted(field)]),
) as typeof otherOptions;

/** Fields that control the answers of chat and generate. */
export const answering = {
  /** The core also accepts validators, which JSON cannot express. */
  format: listedAs(
    z
      .union([z.literal('json'), z.record(z.string(), z.unknown())])
      .optional()
      .describe('JSON Schema of the answer; omit for text'),
    { type: 'object' },
  ),
  think,
  keep_alive,
  /** The common options by name. All other Ollama options are passed on. */
  options: z
    .looseObject({
      temperature: bare(temperature),
      seed: bare(seed),
      num_predict: num_predict.describe('Maximum tokens in the answer'),
      num_ctx,
      ...unlistedOptions,
    })
    .optional()
    .describe("Also accepts Ollama's other options"),
};

/** For tools that only pass on options. */
export const anyOptions = z
  .looseObject({
    temperature: unlisted(temperature),
    seed: unlisted(seed),
    num_predict: unlisted(num_predict),
    num_ctx: unlisted(num_ctx),
    ...unlistedOptions,
  })
  .optional();

export const { suffix, raw } = GenerateRequest.shape;
/** May be empty, to load a model or with a `suffix`. */
export const prompt = meantEmpty(bare(GenerateRequest.shape.prompt));
export const system = bare(GenerateRequest.shape.system);

/** For actions that cannot be undone. */
export const confirm = word(
  z.string().optional().describe('Name of the model again, if the client cannot ask the user'),
);
export const confirmReplacing = word(confirm.describe('Name of a model to replace, if the client cannot ask the user'));

const TextPart = z.object({ type: z.enum(['text', 'input_text', 'output_text']), text: z.string() });

const toolCall = ToolCall.omit({ id: true }).extend({ function: ToolCall.shape.function.omit({ index: true }) });

/** Other fields of a message, such as its thinking, are passed on. */
export const message = Message.pick({ role: true })
  .extend({
    content: listedAs(z.preprocess(textOf, z.string()), { type: 'string' }),
    images: z.array(z.string()).optional(),
    tool_calls: z.array(toolCall).optional(),
    tool_name: bare(Message.shape.tool_name),
    tool_call_id: bare(Message.shape.tool_call_id),
  })
  .loose();

/** Other chat APIs send null with tool calls, and text in parts. Parts of other types stay, and are rejected later. */
function textOf(content: unknown): unknown {
  if (content === null) return '';
  const parts: unknown[] = Array.isArray(content) ? content : [content];
  const texts = parts.map((part) => TextPart.safeParse(part).data?.text);
  return parts.length > 0 && texts.every((text) => text !== undefined) ? texts.join('\n') : content;
}

const functionOf = Tool.shape.function;

export const tool = Tool.extend({
  type: z.literal('function'),
  function: functionOf.extend({ parameters: bare(functionOf.shape.parameters) }),
});
