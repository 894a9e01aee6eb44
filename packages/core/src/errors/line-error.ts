import { type BadLine, type CallFacts, failureOf, where } from './call-facts.ts';
import { type ErrorDetails, OllamaStreamError } from './errors.ts';
import { serverMessage } from './server-message.ts';

/** The error for a response, or a line of one, that contains an error despite its successful status. */
export function lineError(facts: CallFacts, line: object): OllamaStreamError {
  const { text, code = 'stream_error', details, hint } = serverMessage(line) ?? { text: 'The server reports an error' };
  const failure = failureOf(code, facts, 'body');
  return new OllamaStreamError(`${text} (${where(facts)})`, {
    ...details,
    ...failure,
    hint: hint ?? failure.hint,
    retryable: code === 'server_busy',
  });
}

export function badLine(facts: CallFacts, wrong: BadLine): OllamaStreamError {
  if ('cause' in wrong) return unreadable(facts, 'bad_line', 'The answer is not valid UTF-8', wrong);
  if ('shape' in wrong) {
    const { shape } = wrong;
    const what = shape === undefined ? 'A line of the answer is not a JSON object' : `${NO_SHAPE}: ${shape}`;
    return unreadable(facts, 'bad_line', what);
  }
  const { line, characters } = wrong;
  // Has no cause: the message of a SyntaxError quotes the line, which is a user's text.
  const what = `Line ${line} of the answer is not valid JSON (${characters} characters)`;
  return unreadable(facts, 'bad_line', what, { line, characters });
}

const NO_SHAPE = 'The answer does not have the shape of the API';

export const lineTooLong = (facts: CallFacts, maxBytes: number): OllamaStreamError =>
  unreadable(facts, 'line_too_long', `A line of the answer is longer than ${maxBytes} bytes (maxLineBytes)`, {
    maxBytes,
  });

export const truncated = (facts: CallFacts): OllamaStreamError =>
  unreadable(facts, 'truncated', 'The answer ended before it was complete');

const unreadable = (
  facts: CallFacts,
  code: 'bad_line' | 'line_too_long' | 'truncated',
  what: string,
  details: ErrorDetails & { cause?: unknown } = {},
) => new OllamaStreamError(`${what} (${where(facts)}).`, { ...failureOf(code, facts, 'body'), ...details });
