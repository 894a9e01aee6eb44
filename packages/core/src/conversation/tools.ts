import { OllamaError } from '../errors/errors.ts';
import type { Tool, ToolCall } from '../schemas/interfaces.ts';
import type { Format, JsonSchema, SchemaLike } from '../schemas/values.ts';
import { wireFormat } from '../wire/json-format.ts';

/** The type of a tool's arguments: the schema's own type, or an unchecked object. */
export type ArgumentsOf<Parameters> = Parameters extends SchemaLike<infer T> ? T : Record<string, unknown>;

export interface ToolContext {
  /** Aborts when the turn is cancelled or left; the result of the handler is ignored then. */
  signal: AbortSignal;
  /** The call as the model made it. */
  call: ToolCall;
}

/** A tool that the conversation runs itself when the model calls it. */
export interface ConversationTool<Parameters = unknown> {
  /** Name that the model uses to call it. */
  name: string;
  /** What it does and when to call it, for the model. */
  description?: string | undefined;
  /**
   * JSON Schema of the arguments, or a schema such as zod's, which then validates them before the handler runs. The
   * server keeps only the simple keywords (type, properties, required, items, enum, anyOf, description).
   */
  parameters?: Parameters | undefined;
  /**
   * Its result goes to the model: a string unchanged, anything else as JSON. An error it throws goes to the model too,
   * as a text that begins with "error".
   */
  run(args: ArgumentsOf<Parameters>, context: ToolContext): unknown;
}

/** A definition in Ollama's own form, whose calls the caller answers. */
export type PlainTool = Tool & { name?: undefined; parameters?: undefined; run?: undefined };

export type AnyTool = ConversationTool | PlainTool;

export const hasHandler = (tool: AnyTool): tool is ConversationTool => 'run' in tool && typeof tool.run === 'function';

export const nameOf = (tool: AnyTool): string => (hasHandler(tool) ? tool.name : tool.function.name);

/**
 * The tools of a conversation, checked: in plain JavaScript they may be anything.
 *
 * @throws OllamaError `bad_request`
 */
export function checkedTools(tools: unknown): readonly AnyTool[] {
  if (!Array.isArray(tools)) throw notTools('tools is not a list.');
  const wrong = tools.findIndex((tool: { name?: unknown; run?: unknown; function?: { name?: unknown } } | null) => {
    const name = typeof tool?.run === 'function' ? tool.name : tool?.function?.name;
    return typeof name !== 'string';
  });
  if (wrong >= 0) throw notTools(`Tool ${wrong + 1} has no name, or no function to run.`);
  return [...tools];
}

const notTools = (what: string) =>
  new OllamaError(what, {
    code: 'bad_request',
    hint: 'Pass a list of { name, description, parameters, run }, or of { type: "function", function: { name, … } } to answer the calls yourself.',
    field: 'tools',
  });

/**
 * The tool as the server accepts it.
 *
 * @throws OllamaError `bad_request` if its parameters cannot be described as JSON Schema.
 */
export function wireTool(tool: AnyTool): Tool {
  if (!hasHandler(tool)) return tool;
  const { name, description, parameters } = tool;
  return {
    type: 'function',
    function: {
      name,
      ...(description !== undefined && { description }),
      parameters:
        parameters === undefined
          ? { type: 'object', properties: {} }
          : (wireFormat(parameters as Format, `parameters of ${name}`) as JsonSchema),
    },
  };
}
