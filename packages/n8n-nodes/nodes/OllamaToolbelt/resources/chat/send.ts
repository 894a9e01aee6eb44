import type { ChatRequest, Message } from '@ollama-toolbelt/core';
import { type IDataObject, type INodeProperties, NodeOperationError } from 'n8n-workflow';
import { answerItem, rawItem, simplify } from '../../answer-item.ts';
import { modelLocator, modelOf } from '../../model-locator.ts';
import type { OperationRun } from '../../operation.ts';
import { optionFields, optionsProperty } from '../../option-fields.ts';
import { formatOf, outputFormat } from '../../output-format.ts';

export const description: INodeProperties[] = [
  modelLocator('searchTextModels'),
  {
    displayName: 'Messages',
    name: 'messages',
    type: 'fixedCollection',
    typeOptions: { multipleValues: true, sortable: true },
    placeholder: 'Add Message',
    default: { values: [{ role: 'user', content: '' }] },
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
  ...outputFormat,
  simplify,
  optionsProperty('chat'),
];

export async function execute({ context, itemIndex, ollama, call }: OperationRun): Promise<IDataObject[]> {
  const messages = context.getNodeParameter('messages.values', itemIndex, []) as Message[];
  if (messages.length === 0) {
    throw new NodeOperationError(context.getNode(), 'There is no message to answer', {
      description: 'Add at least one message to the node.',
      itemIndex,
    });
  }
  const { body, timeouts } = optionFields(context.getNodeParameter('options', itemIndex, {}));
  const request: ChatRequest = {
    model: modelOf(context, itemIndex),
    messages: messages.map(({ role, content }) => ({ role, content: String(content ?? '') })),
    ...body,
  };
  const answer = await ollama.chat({ ...request, ...formatOf(context, itemIndex) }, { ...call, timeouts });
  return [context.getNodeParameter('simplify', itemIndex, true) ? answerItem(answer) : rawItem(answer)];
}
