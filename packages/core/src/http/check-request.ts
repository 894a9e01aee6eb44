import { OllamaError } from '../errors/errors.ts';
import { MAX_NAME } from './name-length.ts';

const names = ['model', 'name', 'source', 'destination', 'from'];

/**
 * Rejects anything that cannot be a request or a model name before it is sent, stored or quoted in messages.
 *
 * @throws OllamaError `bad_request`
 */
export function checkRequest(request: unknown): asserts request is object {
  if (typeof request !== 'object' || request === null) {
    throw badRequest('The request is not an object.', 'Pass one object, such as { model: "llama3.2" }.');
  }
  for (const field of names) {
    const name = (request as Record<string, unknown>)[field];
    if (name === undefined) continue;
    if (typeof name !== 'string') {
      throw badRequest(`${field} is not text.`, 'Pass the name of a model, such as "llama3.2:1b".', field);
    }
    if (name.length > MAX_NAME) {
      const message = `${field} has ${name.length} characters, but a model name has at most ${MAX_NAME}.`;
      throw badRequest(message, 'Check that it is a name, and not the prompt or a file.', field);
    }
  }
}

const badRequest = (message: string, hint: string, option?: string) =>
  new OllamaError(message, { code: 'bad_request', hint, option });
