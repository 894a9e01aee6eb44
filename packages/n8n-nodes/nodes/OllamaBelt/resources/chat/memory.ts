import type { Message } from '@ollama-toolbelt/core/neutral';
import { type IExecuteFunctions, NodeConnectionTypes } from 'n8n-workflow';
import { suppliedBy } from './connected.ts';

/** The parts of LangChain's memory that n8n's agents use too; sub-nodes supply it. */
export interface ChatMemory {
  loadMemoryVariables(values: object): Promise<{ chat_history?: unknown }>;
  saveContext(input: { input: string }, output: { output: string }): Promise<void>;
}

/** The memory that is connected to the node, if there is one. */
export async function connectedMemory(context: IExecuteFunctions, itemIndex: number): Promise<ChatMemory | undefined> {
  const [memory] = await suppliedBy<ChatMemory>(context, itemIndex, NodeConnectionTypes.AiMemory);
  return memory;
}

/** The earlier messages, oldest first, as LangChain messages. */
export async function historyIn(memory: ChatMemory): Promise<unknown[]> {
  const { chat_history: history } = await memory.loadMemoryVariables({});
  return Array.isArray(history) ? history : [];
}

/** Stores the user's last message and the answer. A tool call without text is not an answer. */
export async function remember(memory: ChatMemory, newMessages: readonly Message[], answer: Message): Promise<void> {
  const input = newMessages.findLast(({ role }) => role === 'user')?.content ?? '';
  if (answer.content) await memory.saveContext({ input }, { output: answer.content });
}
