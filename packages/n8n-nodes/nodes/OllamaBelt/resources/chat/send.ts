import type { ChatRequest } from '@ollama-toolbelt/core';
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { modelLocator, modelOf } from '../../../shared/model-locator.ts';
import { optionFields, optionsProperty } from '../../../shared/read-options.ts';
import { simplify } from '../../items/answer-item.ts';
import { imagesOf } from '../../items/images.ts';
import type { OperationRun } from '../../items/operation.ts';
import { formatOf, outputFormat } from '../../items/output-format.ts';
import { textItem } from '../../items/text-item.ts';
import { messageFields, messagesOf } from './messages.ts';
import { connectedTools } from './tools.ts';

export const description: INodeProperties[] = [
  modelLocator('searchTextModels'),
  ...messageFields,
  ...outputFormat,
  simplify,
  optionsProperty('chat'),
];

export async function execute(run: OperationRun): Promise<IDataObject[]> {
  const { context, itemIndex, ollama, call } = run;
  const { body, timeouts, local } = optionFields(context, itemIndex);
  const { system, ...fields } = body;
  const images = await imagesOf(context, itemIndex, local);
  const format = formatOf(context, itemIndex);
  const request: ChatRequest = {
    model: modelOf(context, itemIndex),
    messages: messagesOf(context, itemIndex, { system, images }),
    ...fields,
    ...format,
  };
  const tools = await connectedTools(context, itemIndex);
  const answer = tools.length === 0 ? ollama.chatStream(request, { ...call, timeouts }) : withTools();
  return [await textItem(run, answer, { ...format, local })];

  /** Runs what the model calls and asks again, until it answers. */
  function withTools() {
    const { messages, ...settings } = request;
    const maxRounds = local['max_rounds'] as number | undefined;
    return ollama.conversation({ ...settings, tools, maxRounds }).sendStream(messages, { ...call, timeouts });
  }
}
