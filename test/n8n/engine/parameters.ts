import type { IDataObject, INodeParameters } from 'n8n-workflow';

/** Parameters as the editor stores them, for each operation of the node. */

export const locator = (name: string): INodeParameters => ({ __rl: true, mode: 'name', value: name });

export const chat = (more: INodeParameters = {}): INodeParameters => ({
  resource: 'chat',
  operation: 'send',
  model: locator('chat-model'),
  messages: { values: [{ role: 'user', content: 'Hi' }] },
  ...more,
});

export const generate = (more: INodeParameters = {}): INodeParameters => ({
  resource: 'generate',
  operation: 'send',
  model: locator('chat-model'),
  prompt: 'Hi',
  ...more,
});

export const embed = (more: INodeParameters = {}): INodeParameters => ({
  resource: 'embedding',
  operation: 'embed',
  model: locator('embedding-model'),
  text: 'Hi',
  ...more,
});

export const model = (operation: string, more: INodeParameters = {}): INodeParameters => ({
  resource: 'model',
  operation,
  ...more,
});

export const server = (operation: string): INodeParameters => ({ resource: 'server', operation });

/** Three items; the model name is in each, and the second model does not exist. */
export const oneBadOfThree: IDataObject[] = [{ model: 'chat-model' }, { model: 'nope' }, { model: 'chat-model' }];
export const modelOfItem: INodeParameters = { __rl: true, mode: 'name', value: '={{ $json.model }}' };
