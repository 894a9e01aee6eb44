import { type CallFacts, failureOf, type TimeLimit, where } from './call-facts.ts';
import { OllamaTimeoutError } from './errors.ts';

const words: Readonly<Record<TimeLimit, string>> = {
  firstByte: 'No answer began within',
  idle: 'Ollama sent no data for',
  total: 'The call did not finish within',
};

/** The error for a deadline of the client that has passed. */
export const timeoutError = (facts: CallFacts, limit: TimeLimit, limitMs: number): OllamaTimeoutError =>
  new OllamaTimeoutError(`${words[limit]} ${limitMs} ms (timeouts.${limit}Ms; ${where(facts)}).`, {
    ...failureOf('timeout', facts, limit),
    limit,
    limitMs,
  });
