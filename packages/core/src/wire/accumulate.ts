import type { ChatResponse } from '../schemas/chat.ts';
import type { GenerateResponse } from '../schemas/generate.ts';
import type { ProgressResponse } from '../schemas/transfers.ts';

/** Puts the lines of an answer together, as the server itself does when it is asked not to stream. */
export interface Collector<Line> {
  add(line: Line): void;
  /** The whole answer, or what there is of it; nothing before the first line. */
  result(): Line | undefined;
}

/** Adds the list of one line to those of the lines before; most answers have none. */
function joined<T>(list: T[] | undefined, more: readonly T[] | null | undefined): T[] | undefined {
  if (!more || more.length === 0) return list;
  const all = list ?? [];
  for (const item of more) all.push(item);
  return all;
}

export function collectChat(): Collector<ChatResponse> {
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
    result: () =>
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
  };
}

export function collectGenerate(): Collector<GenerateResponse> {
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
    result: () =>
      last && {
        ...last,
        response,
        ...(thinking !== '' && { thinking }),
        ...(toolCalls && { tool_calls: toolCalls }),
        ...(logprobs && { logprobs }),
      },
  };
}

/** Progress is not added up: the last line tells how it ended, or how far it came. */
export function collectProgress(): Collector<ProgressResponse> {
  let last: ProgressResponse | undefined;
  return {
    add(line) {
      last = line;
    },
    result: () => last,
  };
}
