import type { INodeProperties } from 'n8n-workflow';
import { operationField, showFor } from '../../items/operation.ts';
import * as send from './send.ts';

export const operations = { send };

export const description: INodeProperties[] = [
  operationField('chat', 'send', [
    {
      name: 'Message a Model',
      value: 'send',
      action: 'Message a model',
      description: 'Send messages to a model and get its answer',
    },
  ]),
  ...showFor('chat', 'send', send.description),
];
