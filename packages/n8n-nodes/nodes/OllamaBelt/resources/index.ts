import type { INodeProperties } from 'n8n-workflow';
import type { Operation } from '../items/operation.ts';
import * as chat from './chat/index.ts';
import * as embedding from './embedding/index.ts';
import * as generate from './generate/index.ts';
import * as model from './model/index.ts';
import * as server from './server/index.ts';

const resources: Record<string, { operations: Record<string, Operation> }> = {
  chat,
  embedding,
  generate,
  model,
  server,
};

export const operationOf = (resource: string, operation: string): Operation | undefined =>
  resources[resource]?.operations[operation];

export const properties: INodeProperties[] = [
  {
    displayName: 'Resource',
    name: 'resource',
    type: 'options',
    noDataExpression: true,
    options: [
      { name: 'Chat', value: 'chat' },
      { name: 'Embedding', value: 'embedding' },
      { name: 'Generate', value: 'generate' },
      { name: 'Model', value: 'model' },
      { name: 'Server', value: 'server' },
    ],
    default: 'chat',
  },
  ...chat.description,
  ...embedding.description,
  ...generate.description,
  ...model.description,
  ...server.description,
];
