import { type CallFacts, failureOf, where } from './call-facts.ts';
import { OllamaError } from './errors.ts';

/** The error for an invalid header: contains its name if that is valid, and never its value, which may be a key. */
export function badHeader(facts: CallFacts, header: string | undefined): OllamaError {
  const what = header === undefined ? 'The name of a header holds' : `The header "${header}" holds`;
  return new OllamaError(`${what} a character that a header cannot (${where(facts)}).`, {
    ...failureOf('bad_request', facts),
    hint: 'Check the headers and the key (OLLAMA_API_KEY) for line ends and letters beyond Latin-1.',
    header,
  });
}
