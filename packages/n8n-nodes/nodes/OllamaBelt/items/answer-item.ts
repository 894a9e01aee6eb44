import type { ChatResponse, Chunk, GenerateResponse, ToolCall } from '@ollama-toolbelt/core';
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { inNodeWords } from '../../shared/option-table.ts';

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

/** The fields of an answer that people use; those without a value are left out. An agent gets only what it asked for. */
export function answerItem(answer: TextAnswer, isForAgent: boolean): IDataObject {
  const said = saidIn(answer);
  if (isForAgent) return defined(answer.parsed === undefined ? { text: said.content } : { parsed: answer.parsed });
  return defined({
    text: said.content,
    parsed: answer.parsed,
    thinking: said.thinking,
    tool_calls: said.tool_calls,
    logprobs: answer.logprobs,
    model: answer.model,
    done_reason: answer.done_reason,
    usage: usageOf(answer),
    notices: answer.notices?.length
      ? answer.notices.map(({ code, message }) => ({ code, message: inNodeWords(message) }))
      : undefined,
  });
}

export interface Said {
  content: string;
  thinking?: string | undefined;
  tool_calls?: ToolCall[] | undefined;
}

/** What the model says, which the two routes put in different places. */
export function saidIn(answer: ChatResponse | GenerateResponse): Said {
  const { message, response, thinking, tool_calls } = answer as Partial<ChatResponse & GenerateResponse>;
  return message ?? { content: response ?? '', thinking, tool_calls };
}

/** Counts and times in units for people; the server counts nanoseconds, and leaves out what is 0. */
export function usageOf(answer: {
  prompt_eval_count?: number | undefined;
  eval_count?: number | undefined;
  eval_duration?: number | undefined;
  load_duration?: number | undefined;
  total_duration?: number | undefined;
}): IDataObject {
  const { eval_count: tokens, eval_duration: nanoseconds } = answer;
  return defined({
    prompt_tokens: answer.prompt_eval_count,
    answer_tokens: tokens,
    tokens_per_second: tokens && nanoseconds ? Math.round((tokens / nanoseconds) * 1e10) / 10 : undefined,
    load_ms: milliseconds(answer.load_duration),
    total_ms: milliseconds(answer.total_duration),
  });
}

const milliseconds = (nanoseconds: number | undefined) =>
  nanoseconds === undefined ? undefined : Math.round(nanoseconds / 1e6);

export const defined = (fields: Record<string, unknown>): IDataObject =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as IDataObject;
