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
    displayOptions: { show: { resource: ['generate'] } },
    options: [
      {
        name: 'Complete a Prompt',
        value: 'send',
        action: 'Complete a prompt',
        description: 'Send a single prompt to a model and get its answer',
      },
    ],
    default: 'send',
  },
  ...showFor('generate', 'send', send.description),
];
