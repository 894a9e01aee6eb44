import { OllamaError } from '../errors/errors.ts';
import { type CallFacts, failureOf, where } from '../errors/hints.ts';

/**
 * Refuses a header that no request can hold, before a transport does: what that says may quote the value, which may be
 * a key.
 */
export function checkHeaders(headers: Readonly<Record<string, string>>, facts: CallFacts): void {
  for (const [name, value] of Object.entries(headers)) {
    const isName = /^[\w!#$%&'*+.^`|~-]+$/.test(name);
    if (isName && /^[\t -~\u0080-\u00ff]*$/.test(value)) continue;
    const what = isName ? `The header "${name}" holds` : 'The name of a header holds';
    throw new OllamaError(`${what} a character that a header cannot (${where(facts)}).`, {
      ...failureOf('bad_request', facts),
      hint: 'Look for line ends and letters beyond Latin-1 in the headers and in the key (OLLAMA_API_KEY).',
      header: isName ? name : undefined,
    });
  }
}

/** Header names compare without regard to case, so they are kept in one. */
export function lowerCaseNames(headers: Readonly<Record<string, string>> | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
}
