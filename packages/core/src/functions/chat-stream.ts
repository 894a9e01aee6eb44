import { streamOf } from '../http/answer-stream.ts';
import type { OllamaStream } from '../http/stream.ts';
import type { ChatResponse } from '../schemas/interfaces.ts';
import { chatLines, type PlainChatRequest } from './chat-lines.ts';
import type { Connection, FunctionCallOptions } from './connect.ts';

/**
 * Answers a conversation, chunk by chunk. The last chunk has `done: true` and the counts.
 *
 * @example
 * ```ts
 * import { chatStream, connect } from '@ollama-toolbelt/core/functions';
 *
 * const messages = [{ role: 'user', content: 'Why is the sky blue?' }];
 * const server = connect({ url: 'http://127.0.0.1:11434' });
 * for await (const { message } of chatStream(server, { model: 'llama3.2', messages })) {
 *   process.stdout.write(message.content); // The sky is blue because …
 * }
 * ```
 */
export const chatStream = (
  connection: Connection,
  request: PlainChatRequest,
  call: FunctionCallOptions = {},
): OllamaStream<ChatResponse, ChatResponse> => streamOf(chatLines(connection, request, call), (answer) => answer);
