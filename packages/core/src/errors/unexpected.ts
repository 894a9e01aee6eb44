import { OllamaError } from './errors.ts';

/**
 * Reads a value from the caller, which may be anything in plain JavaScript: a getter or a proxy may throw.
 *
 * @param what names it in the error: "The request".
 * @throws OllamaError `bad_request` for anything it throws.
 */
export function readInput<T>(what: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof OllamaError) throw cause;
    throw new OllamaError(`${what} cannot be read: one of its fields throws an error.`, {
      code: 'bad_request',
      hint: 'Pass a plain object. See "cause" for what was thrown.',
      cause,
    });
  }
}

/** Last resort for the promise that a call rejects only with an `OllamaError`. */
export function asOllamaError(error: unknown): OllamaError {
  if (error instanceof OllamaError) return error;
  return new OllamaError('The response cannot be used: it does not have the structure that the Ollama API describes.', {
    code: 'bad_line',
    hint: 'Something between this program and the server may have changed the response: check proxies, or connect without them.',
    cause: error,
  });
}
