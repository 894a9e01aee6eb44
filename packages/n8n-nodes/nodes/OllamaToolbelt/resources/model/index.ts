import type { INodeProperties } from 'n8n-workflow';
import { shownFor } from '../../operation.ts';
import * as get from './get.ts';
import * as getAll from './get-all.ts';

export const operations = { get, getAll };

export const description: INodeProperties[] = [
  {
    displayName: 'Operation',
    name: 'operation',
    type: 'options',
    noDataExpression: true,
    displayOptions: { show: { resource: ['model'] } },
    options: [
      { name: 'Get', value: 'get', action: 'Get model', description: 'Get the details of one model' },
      { name: 'Get Many', value: 'getAll', action: 'Get many models', description: 'Get the installed models' },
    ],
    default: 'getAll',
  },
  ...shownFor('model', 'get', get.description),
  ...shownFor('model', 'getAll', getAll.description),
];
