import type { INodeProperties } from 'n8n-workflow';
import { operationField, showFor } from '../../items/operation.ts';
import * as embed from './embed.ts';
import * as rank from './rank.ts';

export const operations = { embed, rank };

export const description: INodeProperties[] = [
  operationField('embedding', 'embed', [
    {
      name: 'Embed',
      value: 'embed',
      action: 'Embed text',
      description: 'Turn text into a vector that can be compared by meaning',
    },
    {
      name: 'Rank',
      value: 'rank',
      action: 'Rank items',
      description: 'Find the input items that are closest in meaning to a query',
    },
  ]),
  ...showFor('embedding', 'embed', embed.description),
  ...showFor('embedding', 'rank', rank.description),
];
