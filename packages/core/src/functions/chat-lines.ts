import { OllamaError } from '../errors/ollama-error.ts';
import type { ClientContext } from '../http/client-context.ts';
import type { LinesCall } from '../http/lines-call.ts';
import { MAX_NAME } from '../http/name-length.ts';
import type { ChatRequest, ChatResponse, Message } from '../schemas/interfaces.ts';
import type { JsonSchema } from '../schemas/values.ts';
import { accumulateChat } from '../wire/accumulate.ts';
import { chatRoute } from '../wire/answering-routes.ts';
import { jsonBody } from '../wire/json-body.ts';
import type { Connection, FunctionCallOptions } from './connect.ts';

/** A request as the server accepts it: it is sent unchanged. */
export interface PlainChatRequest extends Omit<ChatRequest, 'messages' | 'format'> {
  /** The conversation so far; empty only loads the model. Images are base64 texts. */
  messages: readonly (Omit<Message, 'images'> & { images?: readonly string[] | undefined })[];
  /** "json", or a JSON Schema the answer must follow. */
  format?: 'json' | JsonSchema | undefined;
}

export function chatLines(
  connection: Connection,
  request: PlainChatRequest,
  call: FunctionCallOptions,
): LinesCall<ChatResponse> {
  const prepare = () => {
    const model = request?.model;
    if (typeof model !== 'string' || model.length > MAX_NAME) {
      throw new OllamaError('The request does not name a model.', { code: 'bad_request', option: 'model' });
    }
    return { route: chatRoute, model, body: jsonBody(chatRoute, request) };
  };
  // Created by `connect`.
  return { client: connection as ClientContext, prepare, accumulator: accumulateChat(), call };
}
