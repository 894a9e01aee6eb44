import type { ChatResponse, Chunk, GenerateResponse, Notice, ToolCall } from '@ollama-toolbelt/core/neutral';
import { usageOf } from '@ollama-toolbelt/core/neutral';
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import type { NodeNotice } from '../../shared/answer-notes.ts';
import { defined } from '../../shared/json.ts';
import { noticeText } from '../../shared/wording.ts';

export const simplify: INodeProperties = {
  displayName: 'Simplify Output',
  name: 'simplify',
  type: 'boolean',
  default: true,
  description: 'Whether to return a simplified version of the response instead of the raw data',
};

/** The server's response as an item. */
export const rawItem = (answer: object): IDataObject => answer as IDataObject;

export type TextAnswer = (Chunk<ChatResponse> | Chunk<GenerateResponse>) & { parsed?: unknown };

/** The fields of an answer that people use, without empty ones. An agent gets only what it asked for. */
export function answerItem(answer: TextAnswer, notes: readonly NodeNotice[], isToolExecution: boolean): IDataObject {
  const parts = answerTextOf(answer);
  if (isToolExecution)
    return defined(answer.parsed === undefined ? { text: parts.content } : { parsed: answer.parsed });
  return defined({
    text: parts.content,
    parsed: answer.parsed,
    thinking: parts.thinking,
    tool_calls: parts.tool_calls,
    logprobs: answer.logprobs,
    model: answer.model,
    done_reason: answer.done_reason,
    usage: usageOf(answer),
    notices: noticesOf(answer, notes),
  });
}

/** The answer with this text and thinking instead of its own. */
export function withText(answer: TextAnswer, content: string, thinking: string): TextAnswer {
  const thought = thinking === '' ? {} : { thinking };
  const { message } = answer as Partial<ChatResponse>;
  if (message) return { ...answer, message: { ...message, content, ...thought } } as TextAnswer;
  return { ...answer, response: content, ...thought } as TextAnswer;
}

export interface AnswerText {
  content: string;
  thinking?: string | undefined;
  tool_calls?: ToolCall[] | undefined;
}

/** What the model says: chat and generate put it in different fields. */
export function answerTextOf(answer: ChatResponse | GenerateResponse): AnswerText {
  const { message, response, thinking, tool_calls } = answer as Partial<ChatResponse & GenerateResponse>;
  return message ?? { content: response ?? '', thinking, tool_calls };
}

/** What the server did not report, as a field of an item; no field if there is nothing. */
export function noticesOf(
  { notices = [] }: { notices?: readonly Notice[] },
  notes: readonly NodeNotice[] = [],
): IDataObject[] | undefined {
  if (notices.length + notes.length === 0) return undefined;
  return [...notices, ...notes].map((notice) => ({
    code: notice.code,
    message: isOfNode(notice) ? notice.message : noticeText(notice),
  }));

  function isOfNode(notice: Notice | NodeNotice): notice is NodeNotice {
    return notes.includes(notice);
  }
}
