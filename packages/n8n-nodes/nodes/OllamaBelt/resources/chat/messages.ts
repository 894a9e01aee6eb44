import type { Message } from '@ollama-toolbelt/core';
import { type IExecuteFunctions, type INodeProperties, NodeOperationError } from 'n8n-workflow';
import { isObject, parsedJson } from '../../../shared/json.ts';

export const messageFields: INodeProperties[] = [
  {
    displayName: 'Messages From',
    name: 'messageSource',
    type: 'options',
    options: [
      { name: 'Fields', value: 'fields', description: 'Write the messages here' },
      { name: 'JSON', value: 'json', description: 'A list of messages, such as the history that a node before gives' },
    ],
    default: 'fields',
    description: 'Where the conversation comes from',
  },
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
            displayName: 'Role',
            name: 'role',
            type: 'options',
            options: [
              { name: 'Assistant', value: 'assistant', description: 'An earlier answer of the model' },
              { name: 'System', value: 'system', description: 'How the model should behave' },
              { name: 'User', value: 'user', description: 'What you say to the model' },
            ],
            default: 'user',
          },
          {
            displayName: 'Content',
            name: 'content',
            type: 'string',
            typeOptions: { rows: 2 },
            default: '',
            placeholder: 'e.g. Summarise this text in one sentence: …',
          },
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
      'List of messages as Ollama takes them: role, content, and where needed images (base64), tool_calls, tool_name. An expression may give the list itself.',
  },
];

const ROLES: readonly unknown[] = ['system', 'user', 'assistant', 'tool'];

/** The messages of an item; the system prompt comes first, the images go with the last thing that the user says. */
export function messagesOf(
  context: IExecuteFunctions,
  itemIndex: number,
  { system, images }: { system: unknown; images: string[] },
): Message[] {
  const given = context.getNodeParameter('messageSource', itemIndex, 'fields') === 'json';
  const messages = given ? messagesFromJson(context, itemIndex) : messagesFromFields(context, itemIndex);
  if (typeof system === 'string' && system !== '') messages.unshift({ role: 'system', content: system });
  const last = messages.findLast(({ role }) => role === 'user');
  if (last && images.length > 0) last.images = [...(last.images ?? []), ...images];
  if (last) return messages;
  if (messages.length > 0 && given) return messages;
  throw new NodeOperationError(context.getNode(), 'There is no message to answer', {
    description: 'Add at least one message of the user to the node.',
    itemIndex,
  });
}

function messagesFromFields(context: IExecuteFunctions, itemIndex: number): Message[] {
  const messages = context.getNodeParameter('messages.values', itemIndex, []) as Message[];
  return messages.map(({ role, content }) => ({ role, content: String(content ?? '') }));
}

function messagesFromJson(context: IExecuteFunctions, itemIndex: number): Message[] {
  const value = parsedJson(context.getNodeParameter('messagesJson', itemIndex));
  const messages = isObject(value) ? [value] : value;
  if (Array.isArray(messages) && messages.every(isMessage)) return messages.map((message) => ({ ...message }));
  throw new NodeOperationError(context.getNode(), 'The messages are not a JSON list of messages', {
    description:
      'Write them like [{ "role": "user", "content": "Hello" }]; the role is system, user, assistant or tool.',
    itemIndex,
  });
}

const isMessage = (value: unknown): value is Message =>
  isObject(value) && ROLES.includes(value['role']) && typeof value['content'] === 'string';
