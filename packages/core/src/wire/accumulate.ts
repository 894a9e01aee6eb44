import type { ChatResponse, GenerateResponse, ProgressResponse, ToolCall } from '../schemas/interfaces.ts';

/** Joins the lines of an answer, as the server itself does without streaming. */
export interface Accumulator<Line> {
  add(line: Line): void;
  /**
   * The complete answer, or what has arrived of it; undefined before the first line. Later lines extend the same lists.
   */
  answer(): Line | undefined;
  /** Whether this line completes an answer. */
  isLast(line: Line): boolean;
}

/** Appends the list of one line to those of earlier lines; most answers have none. */
function joined<T>(list: T[] | undefined, more: readonly T[] | null | undefined): T[] | undefined {
  if (!Array.isArray(more) || more.length === 0) return list;
  const all = list ?? [];
  for (const item of more) all.push(item);
  return all;
}

/** How many pieces are joined at a time. */
const PIECES = 256;

/**
 * A text that grows by small pieces. Appending each one would leave a rope node per piece that lives as long as the
 * answer, and garbage collection would take more time than reading the answer.
 */
class GrowingText {
  #text = '';
  readonly #pieces: string[] = [];

  add(piece: string | null | undefined): void {
    if (piece && this.#pieces.push(piece) === PIECES) this.toString();
  }

  toString(): string {
    this.#text += this.#pieces.join('');
    this.#pieces.length = 0;
    return this.#text;
  }
}

/** What a line of an answer says: the line itself for generate, its message for chat. */
interface Content {
  content?: string;
  response?: string;
  thinking?: string | undefined;
  tool_calls?: ToolCall[] | undefined;
}

function accumulateContent<Line extends ChatResponse | GenerateResponse>(
  contentOf: (line: Line) => Content | undefined,
  textIn: (piece: Content) => string | undefined,
  put: (last: Line, text: string, piece: Content) => Line,
): Accumulator<Line> {
  let last: Line | undefined;
  const whole = new GrowingText();
  const thought = new GrowingText();
  let toolCalls: ToolCall[] | undefined;
  let logprobs: Line['logprobs'];
  return {
    add(line) {
      last = line;
      const piece = contentOf(line);
      if (piece) {
        whole.add(textIn(piece));
        thought.add(piece.thinking);
        toolCalls = joined(toolCalls, piece.tool_calls);
      }
      logprobs = joined(logprobs, line.logprobs);
    },
    answer() {
      if (last === undefined) return undefined;
      const thinking = thought.toString();
      const piece = {
        ...(thinking !== '' && { thinking }),
        ...(toolCalls && { tool_calls: toolCalls }),
      };
      return { ...put(last, whole.toString(), piece), ...(logprobs && { logprobs }) };
    },
    isLast: ({ done }) => done === true,
  };
}

export const accumulateChat = (): Accumulator<ChatResponse> =>
  accumulateContent(
    ({ message }) => message,
    ({ content }) => content,
    (last, content, piece) => ({ ...last, message: { ...last.message, content, ...piece } }),
  );

export const accumulateGenerate = (): Accumulator<GenerateResponse> =>
  accumulateContent(
    (line) => line,
    ({ response }) => response,
    (last, response, piece) => ({ ...last, response, ...piece }),
  );

/** Progress is not added up: the last line says how it ended, or how far it got. */
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
