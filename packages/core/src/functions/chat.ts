import { wholeOf } from '../http/lines-call.ts';
import type { ChatResponse } from '../schemas/interfaces.ts';
import { chatLines, type PlainChatRequest } from './chat-lines.ts';
import type { Connection, FunctionCallOptions } from './connect.ts';

/**
 * Answers a conversation. Empty messages only load the model.
 *
 * @example
 * ```ts
 * import { chat, connect } from '@ollama-toolbelt/core/functions';
 *
 * const messages = [{ role: 'user', content: 'Why is the sky blue?' }];
 * const { message } = await chat(connect({ url: 'http://127.0.0.1:11434' }), { model: 'llama3.2', messages });
 * console.log(message.content); // The sky is blue because …
 * ```
 */
export const chat = (
  connection: Connection,
  request: PlainChatRequest,
  call: FunctionCallOptions = {},
): Promise<ChatResponse> => wholeOf(chatLines(connection, request, call));
