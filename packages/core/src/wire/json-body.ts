import { OllamaError } from '../errors/ollama-error.ts';
import type { Route } from './route.ts';

/**
 * The JSON text of a request. It always asks for a stream if the route can stream, so cancelling, idle deadlines and
 * the check for a truncated response also work for calls that return a complete answer.
 */
export function jsonBody({ answer }: Route, request: object): string {
  try {
    return JSON.stringify(answer === 'chunks' || answer === 'progress' ? { ...request, stream: true } : request);
  } catch (cause) {
    throw new OllamaError('The request cannot be written as JSON.', {
      code: 'bad_request',
      hint: 'It contains a BigInt, a reference to itself, or a toJSON() that fails.',
      cause,
    });
  }
}
