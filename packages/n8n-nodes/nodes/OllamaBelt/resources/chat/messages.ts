import type { Message } from '@ollama-toolbelt/core/neutral';
import { type IExecuteFunctions, type INodeProperties, NodeOperationError } from 'n8n-workflow';
import { imageOfBlock } from '../../../shared/images.ts';
import { isObject, parsedJson } from '../../../shared/json.ts';
import { checkedValue, parameterOf } from '../../../shared/parameter.ts';
import { missingValue } from '../../../shared/values.ts';
import type { OperationRun } from '../../items/operation.ts';
import { givenText, requiredText } from '../../items/text-parameter.ts';
import { readMessages } from './message-forms.ts';

const messageSource: INodeProperties = {
  displayName: 'Messages From',
  name: 'messageSource',
  type: 'options',
  options: [
    { name: 'Fields', value: 'fields', description: 'Write the messages here' },
    { name: 'JSON', value: 'json', description: 'A list of messages, such as the history from an earlier node' },
  ],
  default: 'fields',
  description: 'Where the conversation comes from',
};

const roleField: INodeProperties = {
  displayName: 'Role',
  name: 'role',
  type: 'options',
  options: [
    { name: 'Assistant', value: 'assistant', description: 'An earlier answer of the model' },
    { name: 'System', value: 'system', description: 'How the model should behave' },
    { name: 'User', value: 'user', description: 'What you say to the model' },
  ],
  default: 'user',
};

export const messageFields: INodeProperties[] = [
  messageSource,
  {
    displayName: 'Messages',
    name: 'messages',
    type: 'fixedCollection',
    typeOptions: { multipleValues: true, sortable: true },
    placeholder: 'Add Message',
    default: { values: [{ role: 'user', content: '' }] },
    displayOptions: { show: { messageSource: ['fields'] } },
    description: 'The conversation so far; the model answers the last message',
    options: [
      {
        displayName: 'Message',
        name: 'values',
        values: [
          {
            displayName: 'Content',
            name: 'content',
            type: 'string',
            typeOptions: { rows: 2 },
            required: true,
            default: '',
            placeholder: 'e.g. Summarize this text in one sentence: …',
          },
          roleField,
        ],
      },
    ],
  },
  {
    displayName: 'Messages (JSON)',
    name: 'messagesJson',
    type: 'json',
    default: '[\n  { "role": "user", "content": "Hello" }\n]',
    displayOptions: { show: { messageSource: ['json'] } },
    description:
      "List of messages in Ollama's format: role, content, and if needed images (base64), tool_calls, tool_name. Messages from OpenAI, LangChain and a chat memory work too. An expression may return the list itself.",
  },
];

/** The messages of an item, without the system prompt; the images belong to the user's last message. */
export async function messagesOf(run: OperationRun, images: string[]): Promise<Message[]> {
  const { context, itemIndex } = run;
  const isJson = parameterOf(context, itemIndex, messageSource) === 'json';
  const messages = isJson ? await messagesFromJson(run) : messagesFromFields(run, images.length > 0);
  const last = messages.findLast(({ role }) => role === 'user');
  if (last && images.length > 0) last.images = [...(last.images ?? []), ...images];
  if (last || (messages.length > 0 && isJson)) return messages;
  throw new NodeOperationError(context.getNode(), 'There is no message to respond to', {
    description: 'Add at least one user message to the node.',
    itemIndex,
  });
}

function messagesFromFields(run: OperationRun, hasImages: boolean): Message[] {
  const { context, itemIndex } = run;
  const written = context.getNodeParameter('messages.values', itemIndex, []) as Partial<Message>[];
  const messages = written.map((message, index) => {
    const role = 'role' in message ? message.role : roleField.default;
    const path = `messages.values[${index}].role`;
    return {
      role: checkedValue(context, itemIndex, roleField, role, path) as Message['role'],
      content: message.content,
    };
  });
  const asked = messages.findLastIndex(({ role }) => role === 'user');
  return messages.map(({ role, content }, index) => {
    const label = messages.length === 1 ? 'Content' : `Content of message ${index + 1}`;
    // A message may consist of just an image.
    const read = hasImages && index === asked ? givenText : requiredText;
    return { role, content: read(run, `messages.values[${index}].content`, label, content) };
  });
}

async function messagesFromJson(run: OperationRun): Promise<Message[]> {
  const { context, itemIndex } = run;
  const given = context.getNodeParameter('messagesJson', itemIndex);
  if (given === undefined || given === null || given === '') {
    throw missingValue(context.getNode(), 'messagesJson', 'Messages (JSON)', given, itemIndex);
  }
  const value = parsedJson(given);
  // n8n's Chat Memory Manager, and this node, output them as a field of an item.
  const list = isObject(value) ? (value['messages'] ?? [value]) : value;
  if (Array.isArray(list)) return readMessageList(context, itemIndex, list);
  throw new NodeOperationError(context.getNode(), 'The messages are not a JSON list of messages', {
    description: FORMS,
    itemIndex,
  });
}

/** Messages in any known form, with their images fetched. */
export async function readMessageList(
  context: IExecuteFunctions,
  itemIndex: number,
  list: readonly unknown[],
): Promise<Message[]> {
  const read = list.flatMap((entry, index) => {
    try {
      return readMessages(entry);
    } catch (error) {
      throw new NodeOperationError(
        context.getNode(),
        `Message ${index + 1} of ${list.length} cannot be read: ${(error as Error).message}`,
        {
          description: FORMS,
          itemIndex,
        },
      );
    }
  });
  return Promise.all(
    read.map(async ({ message, images }) => {
      const fetched = await Promise.all(images.map((image) => imageOfBlock(context, itemIndex, image)));
      return fetched.length > 0 ? { ...message, images: [...(message.images ?? []), ...fetched] } : message;
    }),
  );
}

const FORMS =
  'Write them like [{ "role": "user", "content": "Hello" }], with the roles system, user, assistant and tool. Messages from OpenAI and LangChain, and pairs { "human": "…", "ai": "…" } from a chat memory, work too.';
