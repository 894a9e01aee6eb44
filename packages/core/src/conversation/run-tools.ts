import { throwIfAborted, unlessAborted } from '../http/abort-signals.ts';
import type { Message, ToolCall } from '../schemas/interfaces.ts';
import type { Format } from '../schemas/values.ts';
import { checkedValue, isSchemaLike } from '../wire/json-format.ts';
import type { ConversationTool } from './tools.ts';

/** A call by the model and the tool it names; no tool if the model made up the name. */
export interface DueCall {
  call: ToolCall;
  tool: ConversationTool | undefined;
}

/**
 * Runs the calls of one answer in parallel. The results are in the order of the calls. A failure is a result too: the
 * model can then try something else.
 *
 * @param names the available tools, for a call of an unknown one.
 * @throws the signal's reason, at once, even while a handler is still running.
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
    const written: unknown = call.function.arguments ?? {};
    // Gateways may pass on the text that a model wrote.
    const given = typeof written === 'string' ? JSON.parse(written) : written;
    const parameters = (tool.parameters ?? {}) as Format;
    const args = isSchemaLike(parameters) ? checkedValue(parameters, given) : given;
    // `args` has the type of this tool's own `parameters`.
    const result = await tool.run(args as Record<string, unknown>, { signal, call });
    return typeof result === 'string' ? result : (JSON.stringify(result) ?? 'null');
  } catch (error) {
    return `error: ${wordsOf(error)}`;
  }
}

/** Libraries also throw plain objects. */
function wordsOf(error: unknown): string {
  try {
    const { message = error } = Object(error);
    return typeof message === 'object' ? JSON.stringify(message) : String(message);
  } catch {
    return 'unknown';
  }
}

const unknownTool = ({ function: { name } }: ToolCall, names: readonly string[]) =>
  `error: there is no tool named "${name}". There are: ${names.join(', ')}.`;
