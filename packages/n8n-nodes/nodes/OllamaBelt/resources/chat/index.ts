import type { INodeProperties } from 'n8n-workflow';
import { showFor } from '../../items/operation.ts';
import * as send from './send.ts';

export const operations = { send };

export const description: INodeProperties[] = [
  {
    displayName: 'Operation',
    name: 'operation',
    type: 'options',
    noDataExpression: true,
    displayOptions: { show: { resource: ['chat'] } },
    options: [
      {
        name: 'Message a Model',
        value: 'send',
        action: 'Message a model',
        description: 'Send messages to a model and get its answer',
      },
    ],
    default: 'send',
  },
  ...showFor('chat', 'send', send.description),
];
