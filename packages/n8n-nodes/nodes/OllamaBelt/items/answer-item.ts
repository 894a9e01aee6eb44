import type { ChatResponse, Chunk, GenerateResponse, Notice, ToolCall } from '@ollama-toolbelt/core';
import { usageOf } from '@ollama-toolbelt/core';
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { defined } from '../../shared/json.ts';
import { noticeText } from '../../shared/wording.ts';

export const simplify: INodeProperties = {
  displayName: 'Simplify',
  name: 'simplify',
  type: 'boolean',
  default: true,
  description: 'Whether to return a simplified version of the response instead of the raw data',
};

/** What the server gave, as an item. */
export const rawItem = (answer: object): IDataObject => answer as IDataObject;

export type TextAnswer = (Chunk<ChatResponse> | Chunk<GenerateResponse>) & { parsed?: unknown };

/** The fields of an answer that people use, without those that are empty. An agent gets only what it asked for. */
export function answerItem(answer: TextAnswer, isToolExecution: boolean): IDataObject {
  const said = answerTextOf(answer);
  if (isToolExecution) return defined(answer.parsed === undefined ? { text: said.content } : { parsed: answer.parsed });
  return defined({
    text: said.content,
    parsed: answer.parsed,
    thinking: said.thinking,
    tool_calls: said.tool_calls,
    logprobs: answer.logprobs,
    model: answer.model,
    done_reason: answer.done_reason,
    usage: usageOf(answer),
    notices: noticesOf(answer),
  });
}

export interface AnswerText {
  content: string;
  thinking?: string | undefined;
  tool_calls?: ToolCall[] | undefined;
}

/** What the model says: chat and generate put it in different places. */
export function answerTextOf(answer: ChatResponse | GenerateResponse): AnswerText {
  const { message, response, thinking, tool_calls } = answer as Partial<ChatResponse & GenerateResponse>;
  return message ?? { content: response ?? '', thinking, tool_calls };
}

/** What the server kept quiet about, as a field of an item; none if there is nothing. */
export function noticesOf({ notices = [] }: { notices?: readonly Notice[] }): IDataObject[] | undefined {
  if (notices.length === 0) return undefined;
  return notices.map((notice) => ({ code: notice.code, message: noticeText(notice) }));
}
