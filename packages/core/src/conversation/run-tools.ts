import { throwIfAborted, unlessAborted } from '../http/abort-signals.ts';
import type { Message, ToolCall } from '../schemas/interfaces.ts';
import type { Format } from '../schemas/values.ts';
import { checkedValue, isSchemaLike } from '../wire/json-format.ts';
import type { ConversationTool } from './tools.ts';

/** A call of the model, with the tool it means; none where it made up the name. */
export interface DueCall {
  call: ToolCall;
  tool: ConversationTool | undefined;
}

/**
 * Runs the calls of one answer together. The results come in the order of the calls. Whatever goes wrong with one of
 * them is its result: the model can then try another way.
 *
 * @param names the tools that there are, for a call of one that there is not.
 * @throws the signal's reason, at once, even while a handler is still at work.
 */
export async function runTools(
  calls: readonly DueCall[],
  names: readonly string[],
  signal: AbortSignal,
): Promise<Message[]> {
  throwIfAborted(signal);
  const results = Promise.all(
    calls.map(async ({ call, tool }): Promise<Message> => {
      const content = tool ? await resultOf(tool, call, signal) : unknownTool(call, names);
      return {
        role: 'tool',
        content,
        tool_name: call.function.name,
        ...(call.id !== undefined && { tool_call_id: call.id }),
      };
    }),
  );
  return unlessAborted(results, signal);
}

async function resultOf(tool: ConversationTool, call: ToolCall, signal: AbortSignal): Promise<string> {
  try {
    const given = call.function.arguments ?? {};
    const parameters = (tool.parameters ?? {}) as Format;
    const args = isSchemaLike(parameters) ? checkedValue(parameters, given) : given;
    // `args` is of the type that goes with this tool's own `parameters`.
    const result = await tool.run(args as Record<string, unknown>, { signal, call });
    return typeof result === 'string' ? result : (JSON.stringify(result) ?? 'null');
  } catch (error) {
    return `error: ${error instanceof Error ? error.message : String(error)}`;
  }
}

const unknownTool = ({ function: { name } }: ToolCall, names: readonly string[]) =>
  `error: there is no tool named "${name}". There are: ${names.join(', ')}.`;
