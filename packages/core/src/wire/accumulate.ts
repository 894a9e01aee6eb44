import type { ChatResponse, GenerateResponse, ProgressResponse, ToolCall } from '../schemas/interfaces.ts';

/** Puts the lines of an answer together, as the server itself does when it is asked not to stream. */
export interface Accumulator<Line> {
  add(line: Line): void;
  /** The whole answer, or what there is of it; nothing before the first line. Later lines go into the same lists. */
  answer(): Line | undefined;
  /** Whether this line is the one that completes an answer. */
  isLast(line: Line): boolean;
}

/** Adds the list of one line to those of the lines before; most answers have none. */
function joined<T>(list: T[] | undefined, more: readonly T[] | null | undefined): T[] | undefined {
  if (!Array.isArray(more) || more.length === 0) return list;
  const all = list ?? [];
  for (const item of more) all.push(item);
  return all;
}

/** What a line of an answer says: the line itself for generate, its message for chat. */
interface Said {
  content?: string;
  response?: string;
  thinking?: string | undefined;
  tool_calls?: ToolCall[] | undefined;
}

function accumulateSaid<Line extends ChatResponse | GenerateResponse>(
  text: 'content' | 'response',
  saidIn: (line: Line) => Said | undefined,
  put: (last: Line, said: Said) => Line,
): Accumulator<Line> {
  let last: Line | undefined;
  let whole = '';
  let thinking = '';
  let toolCalls: ToolCall[] | undefined;
  let logprobs: Line['logprobs'];
  return {
    add(line) {
      last = line;
      const said = saidIn(line);
      whole += said?.[text] ?? '';
      thinking += said?.thinking ?? '';
      toolCalls = joined(toolCalls, said?.tool_calls);
      logprobs = joined(logprobs, line.logprobs);
    },
    answer() {
      if (last === undefined) return undefined;
      const said = {
        [text]: whole,
        ...(thinking !== '' && { thinking }),
        ...(toolCalls && { tool_calls: toolCalls }),
      };
      return { ...put(last, said), ...(logprobs && { logprobs }) };
    },
    isLast: ({ done }) => done === true,
  };
}

export const accumulateChat = (): Accumulator<ChatResponse> =>
  accumulateSaid(
    'content',
    ({ message }) => message,
    (last, said) => ({ ...last, message: { ...last.message, ...said } }),
  );

export const accumulateGenerate = (): Accumulator<GenerateResponse> =>
  accumulateSaid(
    'response',
    (line) => line,
    (last, said) => ({ ...last, ...said }),
  );

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
