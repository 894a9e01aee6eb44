import type { INodeProperties } from 'n8n-workflow';
import { operationField, showFor } from '../../items/operation.ts';
import * as copy from './copy.ts';
import * as create from './create.ts';
import * as remove from './delete.ts';
import * as get from './get.ts';
import * as getAll from './get-all.ts';
import * as getRunning from './get-running.ts';
import * as load from './load.ts';
import { pull, push } from './transfer.ts';
import * as unload from './unload.ts';

export const operations = { copy, create, delete: remove, get, getAll, getRunning, load, pull, push, unload };

export const description: INodeProperties[] = [
  operationField('model', 'getAll', [
    { name: 'Copy', value: 'copy', action: 'Copy model', description: 'Copy a model under another name' },
    {
      name: 'Create',
      value: 'create',
      action: 'Create model',
      description: 'Create a model from another one, with its own system prompt and parameters',
    },
    { name: 'Delete', value: 'delete', action: 'Delete model', description: 'Delete a model from the server' },
    { name: 'Get', value: 'get', action: 'Get model', description: 'Get the details of one model' },
    { name: 'Get Many', value: 'getAll', action: 'Get many models', description: 'Get the installed models' },
    {
      name: 'Get Running',
      value: 'getRunning',
      action: 'Get running models',
      description: 'Get the loaded models and when they will be unloaded',
    },
    { name: 'Load', value: 'load', action: 'Load model', description: 'Load a model before it is needed' },
    { name: 'Pull', value: 'pull', action: 'Pull model', description: 'Download a model, or update it' },
    { name: 'Push', value: 'push', action: 'Push model', description: 'Publish a model to its registry' },
    {
      name: 'Unload',
      value: 'unload',
      action: 'Unload model',
      description: 'Unload a model to free its memory',
    },
  ]),
  ...Object.entries(operations).flatMap(([name, operation]) => showFor('model', name, operation.description)),
];
