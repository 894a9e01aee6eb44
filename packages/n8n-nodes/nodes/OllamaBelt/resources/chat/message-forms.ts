import type { Message, ToolCall } from '@ollama-toolbelt/core/neutral';
import { type BlockImage, isBlock, readBlock } from '../../../shared/content-blocks.ts';
import { isObject, parsedJson } from '../../../shared/json.ts';
import { asText } from '../../../shared/values.ts';

/** A message as it was given, with images that may still have to be fetched. */
export interface ReadMessage {
  message: Message;
  images: BlockImage[];
}

/** Names of the roles in other APIs. */
const ROLES: Record<string, Message['role']> = {
  system: 'system',
  developer: 'system',
  user: 'user',
  human: 'user',
  assistant: 'assistant',
  ai: 'assistant',
  model: 'assistant',
  tool: 'tool',
  function: 'tool',
};

/**
 * Reads an entry of a list of messages: as Ollama or OpenAI write it, as LangChain does (a live or a stored message),
 * or a pair `{ human, ai }` from n8n's Chat Memory Manager.
 *
 * @throws Error that says what is wrong with it
 */
export function readMessages(entry: unknown): ReadMessage[] {
  if (!isObject(entry)) throw new Error('it is not an object');
  if (entry['role'] === undefined && ('human' in entry || 'ai' in entry)) {
    return (['human', 'ai'] as const)
      .filter((role) => asText(entry[role]) !== '')
      .map((role) => readMessage({ role, content: entry[role] }));
  }
  return [entry['role'] === undefined ? readMessage(withoutEnvelope(entry)) : keepOthers(entry, readMessage(entry))];
}

/** Fields that a newer Ollama may know are passed on. */
function keepOthers(entry: Record<string, unknown>, { message, images }: ReadMessage): ReadMessage {
  return { message: { ...entry, ...message }, images };
}

/** LangChain stores a message as `{ type, data }` or with the name of its class; a live message knows its type. */
function withoutEnvelope(entry: Record<string, unknown>): Record<string, unknown> {
  const { kwargs, data, id } = entry;
  if (isObject(kwargs) && Array.isArray(id)) {
    const role = String(id.at(-1))
      .replace(/Message(Chunk)?$/, '')
      .toLowerCase();
    return { ...kwargs, role };
  }
  const getType = entry['getType'] ?? entry['_getType'];
  const role = typeof getType === 'function' ? getType.call(entry) : entry['type'];
  return isObject(data) ? { ...data, role } : { ...fieldsOf(entry), role };
}

/** Also for a live message, whose fields are not all its own. */
const fieldsOf = (entry: Record<string, unknown>) => ({
  ...entry,
  content: entry['content'],
  tool_calls: entry['tool_calls'],
});

function readMessage(given: Record<string, unknown>): ReadMessage {
  const role = ROLES[String(given['role'])];
  if (role === undefined) {
    throw new Error(
      given['role'] === undefined ? 'it has no role' : `its role "${String(given['role'])}" is not known to Ollama`,
    );
  }
  const calls = toolCallsOf(given['tool_calls'] ?? (given['additional_kwargs'] as IData | undefined)?.['tool_calls']);
  const { text, thinking, images } = contentOf(given['content'] ?? (calls.length > 0 ? '' : undefined));
  const { content: _, role: _role, tool_calls: __, ...others } = given;
  const thought = given['thinking'] ?? (thinking === '' ? undefined : thinking);
  const name = others['tool_name'] ?? (role === 'tool' ? others['name'] : undefined);
  const message = {
    role,
    content: text,
    ...(thought !== undefined && { thinking: thought as string }),
    ...(Array.isArray(others['images']) && { images: others['images'] }),
    ...(calls.length > 0 && { tool_calls: calls }),
    ...(name !== undefined && { tool_name: name as string }),
    ...(others['tool_call_id'] !== undefined && { tool_call_id: others['tool_call_id'] as string }),
  } as Message;
  return { message, images };
}

type IData = Record<string, unknown>;

function contentOf(content: unknown): { text: string; thinking: string; images: BlockImage[] } {
  if (content === undefined || content === null) throw new Error('it has no content');
  const blocks: unknown[] = Array.isArray(content) ? content : [content];
  // A value without any block, such as the result of a tool, is text for the model.
  if (blocks.length > 0 && !blocks.some(isBlock)) return { text: asText(content), thinking: '', images: [] };
  const read = blocks.map(readBlock).filter((block) => block !== undefined);
  const file = read.find((block) => 'file' in block);
  if (file) throw new Error(`it has a file of the type ${file.file}, but Ollama accepts only text and images`);
  return {
    text: read.map((block) => ('text' in block ? block.text : '')).join(''),
    thinking: read.map((block) => ('thinking' in block ? block.thinking : '')).join(''),
    images: read.flatMap((block) => ('image' in block ? [block.image] : [])),
  };
}

/** Calls in the form of Ollama and OpenAI, whose arguments may be text, and of LangChain. */
function toolCallsOf(calls: unknown): ToolCall[] {
  if (!Array.isArray(calls)) return [];
  return calls.filter(isObject).map((call) => {
    const called = isObject(call['function']) ? call['function'] : { name: call['name'], arguments: call['args'] };
    const given = parsedJson(called['arguments']);
    return {
      ...(typeof call['id'] === 'string' && { id: call['id'] }),
      function: { ...called, name: String(called['name']), arguments: isObject(given) ? given : {} },
    };
  });
}
