import type { Message, MessageContent } from '@n8n/ai-node-sdk';
import type { Message as OllamaMessage, ToolCall } from '@ollama-toolbelt/core/neutral';
import { toolResultText } from '../shared/content-blocks.ts';
import { isObject, parsedJson } from '../shared/json.ts';

/** The messages of an agent, converted for Ollama. */
export function ollamaMessages(messages: readonly Message[]): OllamaMessage[] {
  /** Maps a call to its tool: a result names only the call. */
  const names = new Map<string | undefined, string>();
  return messages.flatMap(({ role, content }) => {
    const results = content.filter((block) => block.type === 'tool-result');
    if (results.length > 0) return results.map((result) => resultMessage(result, names));
    const calls = content.filter((block) => block.type === 'tool-call').map(toolCall);
    for (const { id, function: called } of calls) names.set(id, called.name);
    const images = content.flatMap(imageOf);
    const thinking = textOf(content, 'reasoning');
    const message: OllamaMessage = {
      role,
      content: textOf(content, 'text'),
      ...(thinking !== '' && { thinking }),
      ...(images.length > 0 && { images }),
      ...(calls.length > 0 && { tool_calls: calls }),
    };
    return [message];
  });
}

function textOf(content: readonly MessageContent[], type: 'text' | 'reasoning'): string {
  return content.map((block) => (block.type === type ? block.text : '')).join('');
}

function resultMessage(
  { toolCallId, result }: Extract<MessageContent, { type: 'tool-result' }>,
  names: ReadonlyMap<string | undefined, string>,
): OllamaMessage {
  return { role: 'tool', content: toolResultText(result), tool_name: names.get(toolCallId), tool_call_id: toolCallId };
}

function toolCall({ toolCallId, toolName, input }: Extract<MessageContent, { type: 'tool-call' }>): ToolCall {
  const given = parsedJson(input);
  return { id: toolCallId, function: { name: toolName, arguments: isObject(given) ? given : {} } };
}

/** An image as base64 or bytes; images at addresses are fetched before. */
function imageOf(block: MessageContent): (string | Uint8Array)[] {
  return block.type === 'file' && block.data !== undefined ? [block.data] : [];
}
