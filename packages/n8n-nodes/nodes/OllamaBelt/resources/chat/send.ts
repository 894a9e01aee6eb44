import type { Message } from '@ollama-toolbelt/core/neutral';
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { modelLocator, modelOf } from '../../../shared/model-locator.ts';
import { optionsProperty } from '../../../shared/read-options.ts';
import { simplify } from '../../items/answer-item.ts';
import { imagesOf } from '../../items/images.ts';
import type { OperationRun } from '../../items/operation.ts';
import { formatOf, outputFormat } from '../../items/output-format.ts';
import { promptParameters, systemMessageOf } from '../../items/prompt-parameters.ts';
import { optionsOf } from '../../items/run-options.ts';
import { type Refused, textItem } from '../../items/text-item.ts';
import { connectedMemory, historyIn, remember } from './memory.ts';
import { messageFields, messagesOf, readMessageList } from './messages.ts';
import { connectedTools } from './tools.ts';

export const description: INodeProperties[] = [
  {
    displayName:
      'Optional: connect <b>tools</b> for the model to call, and a <b>memory</b> to remember the conversation',
    name: 'connectNotice',
    type: 'notice',
    default: '',
    // The tool of an agent has no inputs to connect.
    displayOptions: { hide: { '@tool': [true] } },
  },
  modelLocator('searchTextModels'),
  ...messageFields,
  ...promptParameters,
  ...outputFormat,
  simplify,
  optionsProperty('chat'),
];

export async function execute(run: OperationRun): Promise<IDataObject[]> {
  const { context, itemIndex, ollama, call } = run;
  const { body, timeouts, local } = optionsOf(run);
  const system = systemMessageOf(run);
  const format = formatOf(context, itemIndex);
  const newMessages = await messagesOf(run, await imagesOf(context, itemIndex));
  const memory = await connectedMemory(context, itemIndex);
  const history = memory ? await readMessageList(context, itemIndex, await historyIn(memory)) : [];
  const messages = inOrder(system, history, newMessages);
  const settings = { model: modelOf(context, itemIndex), ...body, ...format };
  /** The tool calls that were run. */
  const toolsRun: IDataObject[] = [];
  const tools = (await connectedTools(context, itemIndex)).map((tool) => ({
    ...tool,
    run: (args: never, call: Parameters<typeof tool.run>[1]) => {
      toolsRun.push({ name: tool.name, arguments: args });
      return tool.run(args, call);
    },
  }));
  const ask = tools.length === 0 ? withoutTools() : withTools();
  const accepted = async (answer: Message): Promise<IDataObject> => {
    if (memory) await remember(memory, newMessages, answer);
    return {
      ...(toolsRun.length > 0 && { tools_run: toolsRun }),
      ...(local['output_messages'] === true && { messages: [...ask.messages(), answer] as unknown as IDataObject[] }),
    };
  };
  return [await textItem(run, ask.send, { ...format, local, accepted })];

  function withoutTools() {
    let sent = messages;
    const send = (refused?: Refused) => {
      if (refused) sent = [...sent, ...mending(refused)];
      return ollama.chatStream({ ...settings, messages: sent }, { ...call, timeouts });
    };
    return { send, messages: () => messages };
  }

  /** Runs the tools that the model calls and asks again, until it answers. */
  function withTools() {
    const maxRounds = local['max_rounds'] as number | undefined;
    const conversation = ollama.conversation({ ...settings, tools, maxRounds });
    // The conversation remembers its answers, including a rejected one.
    const send = (refused?: Refused) =>
      conversation.sendStream(refused ? refused.request : messages, { ...call, timeouts });
    return { send, messages: () => conversation.messages.slice(0, -1) };
  }
}

/** The system prompts first, then the earlier messages. */
function inOrder(system: string | undefined, history: readonly Message[], newMessages: readonly Message[]): Message[] {
  const first = newMessages.findIndex(({ role }) => role !== 'system');
  const prompts = newMessages.slice(0, first < 0 ? newMessages.length : first);
  const own: Message[] = system !== undefined ? [{ role: 'system', content: system }] : [];
  return [...own, ...prompts, ...history, ...newMessages.slice(prompts.length)];
}

const mending = ({ text, request }: Refused): Message[] => [
  { role: 'assistant', content: text },
  { role: 'user', content: request },
];
