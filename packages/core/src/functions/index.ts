/**
 * `@ollama-toolbelt/core/functions`: chat as functions, for pages and workers that do nothing else and need a small
 * bundle. They share routes, deadlines, cancelling and the check for truncated responses with the client. The code that
 * explains errors is loaded when the first call fails.
 */

export { type ErrorCode, type ErrorPhase, OllamaError } from '../errors/ollama-error.ts';
export type { Fetch } from '../fetch/http/fetch-answer.ts';
export type { OllamaStream } from '../http/stream.ts';
export type { RetryOptions, Timeouts } from '../options.ts';
export type { ChatResponse, Message, ModelOptions, Tool, ToolCall } from '../schemas/interfaces.ts';
export type { JsonSchema } from '../schemas/values.ts';
export { chat } from './chat.ts';
export type { PlainChatRequest } from './chat-lines.ts';
export { chatStream } from './chat-stream.ts';
export { type Connection, type ConnectOptions, connect, type FunctionCallOptions } from './connect.ts';
