import type { INodeProperties } from 'n8n-workflow';
import { operationField } from '../../items/operation.ts';
import * as status from './status.ts';
import * as version from './version.ts';

export const operations = { status, version };

export const description: INodeProperties[] = [
  operationField('server', 'version', [
    {
      name: 'Get Status',
      value: 'status',
      action: 'Get server status',
      description: 'Get whether the server may use cloud models (Ollama 0.16.2 and newer)',
    },
    { name: 'Get Version', value: 'version', action: 'Get server version', description: 'Get the version of Ollama' },
  ]),
];
