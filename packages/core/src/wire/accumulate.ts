import type { ChatResponse } from '../schemas/chat.ts';
import type { GenerateResponse } from '../schemas/generate.ts';
import type { ProgressResponse } from '../schemas/transfers.ts';

/** Puts the lines of an answer together, as the server itself does when it is asked not to stream. */
export interface Accumulator<Line> {
  add(line: Line): void;
  /** The whole answer, or what there is of it; nothing before the first line. Later lines go into the same lists. */
  answer(): Line | undefined;
  /** Whether this line is the one that completes an answer. */
  isLast(line: Line): boolean;
}

const isDone = (line: { done: boolean }) => line.done === true;

/** Adds the list of one line to those of the lines before; most answers have none. */
function joined<T>(list: T[] | undefined, more: readonly T[] | null | undefined): T[] | undefined {
  if (!Array.isArray(more) || more.length === 0) return list;
  const all = list ?? [];
  for (const item of more) all.push(item);
  return all;
}

export function accumulateChat(): Accumulator<ChatResponse> {
  let last: ChatResponse | undefined;
  let content = '';
  let thinking = '';
  let toolCalls: ChatResponse['message']['tool_calls'];
  let logprobs: ChatResponse['logprobs'];
  return {
    add(line) {
      last = line;
      content += line.message?.content ?? '';
      thinking += line.message?.thinking ?? '';
      toolCalls = joined(toolCalls, line.message?.tool_calls);
      logprobs = joined(logprobs, line.logprobs);
    },
    answer: () =>
      last && {
        ...last,
        message: {
          ...last.message,
          content,
          ...(thinking !== '' && { thinking }),
          ...(toolCalls && { tool_calls: toolCalls }),
        },
        ...(logprobs && { logprobs }),
      },
    isLast: isDone,
  };
}

export function accumulateGenerate(): Accumulator<GenerateResponse> {
  let last: GenerateResponse | undefined;
  let response = '';
  let thinking = '';
  let toolCalls: GenerateResponse['tool_calls'];
  let logprobs: GenerateResponse['logprobs'];
  return {
    add(line) {
      last = line;
      response += line.response ?? '';
      thinking += line.thinking ?? '';
      toolCalls = joined(toolCalls, line.tool_calls);
      logprobs = joined(logprobs, line.logprobs);
    },
    answer: () =>
      last && {
        ...last,
        response,
        ...(thinking !== '' && { thinking }),
        ...(toolCalls && { tool_calls: toolCalls }),
        ...(logprobs && { logprobs }),
      },
    isLast: isDone,
  };
}

/** Progress is not added up: the last line tells how it ended, or how far it came. */
export function accumulateProgress(): Accumulator<ProgressResponse> {
  let last: ProgressResponse | undefined;
  return {
    add(line) {
      last = line;
    },
    answer: () => last,
    isLast: ({ status }) => status === 'success',
  };
}
