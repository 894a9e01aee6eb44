import type { INodeProperties } from 'n8n-workflow';
import { operationField, showFor } from '../../items/operation.ts';
import * as send from './send.ts';

export const operations = { send };

export const description: INodeProperties[] = [
  operationField('generate', 'send', [
    {
      name: 'Complete a Prompt',
      value: 'send',
      action: 'Complete a prompt',
      description: 'Send a single prompt to a model and get its answer',
    },
  ]),
  ...showFor('generate', 'send', send.description),
];
