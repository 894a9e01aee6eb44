import type { ChatRequest } from '@ollama-toolbelt/core';
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { simplify } from '../../answer-item.ts';
import { imagesOf } from '../../images.ts';
import { modelLocator, modelOf } from '../../model-locator.ts';
import type { OperationRun } from '../../operation.ts';
import { optionFields, optionsProperty } from '../../option-fields.ts';
import { formatOf, outputFormat } from '../../output-format.ts';
import { textItem } from '../../text-item.ts';
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
  const lines = tools.length === 0 ? ollama.chatStream(request, { ...call, timeouts }) : withTools();
  return [await textItem(run, lines, { ...format, local })];

  /** Runs what the model calls and asks again, until it answers. */
  function withTools() {
    const { messages, ...settings } = request;
    const maxRounds = local['max_rounds'] as number | undefined;
    return ollama.conversation({ ...settings, tools, maxRounds }).sendStream(messages, { ...call, timeouts });
  }
}
