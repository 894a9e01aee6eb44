import { OllamaError } from './errors.ts';

/** The last net under the promise that a call rejects with an `OllamaError` and nothing else. */
export function asOllamaError(error: unknown): OllamaError {
  if (error instanceof OllamaError) return error;
  return new OllamaError('The answer cannot be used: it does not have the shape that the Ollama API describes.', {
    code: 'bad_line',
    hint: 'Something in between may have changed the answer: check proxies, or ask the server without them.',
    cause: error,
  });
}
