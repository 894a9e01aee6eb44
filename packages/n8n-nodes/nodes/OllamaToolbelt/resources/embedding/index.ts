import type { INodeProperties } from 'n8n-workflow';
import { shownFor } from '../../operation.ts';
import * as embed from './embed.ts';

export const operations = { embed };

export const description: INodeProperties[] = [
  {
    displayName: 'Operation',
    name: 'operation',
    type: 'options',
    noDataExpression: true,
    displayOptions: { show: { resource: ['embedding'] } },
    options: [
      {
        name: 'Embed',
        value: 'embed',
        action: 'Embed text',
        description: 'Turn text into a vector, to compare it by its meaning',
      },
    ],
    default: 'embed',
  },
  ...shownFor('embedding', 'embed', embed.description),
];
