/**
 * `@ollama-toolbelt/core`: the client without a platform. It has no timers, no HTTP of its own and reads no environment;
 * `createOllama` is handed a transport. Programs use `@ollama-toolbelt/core/node` or `/fetch`, which export all of this.
 */
export { type Answer, createOllama, type Formatted, Ollama, type TransferOptions } from './client.ts';
export {
  type ErrorCode,
  type ErrorPhase,
  OllamaAbortError,
  OllamaConnectionError,
  OllamaError,
  OllamaHttpError,
  OllamaStreamError,
  OllamaTimeoutError,
} from './errors.ts';
export type { ParsedOf } from './format.ts';
export { type Host, parseHost } from './host.ts';
export type { CallOptions, ClientOptions, Platform, Timeouts } from './options.ts';
export type { AssistantMessage, ChatRequest, ChatResponse } from './schemas/chat.ts';
export type { EmbeddingsRequest, EmbeddingsResponse, EmbedRequest, EmbedResponse } from './schemas/embed.ts';
export type { Format, Image, JsonSchema, Logprob, ModelDetails, SchemaLike } from './schemas/fields.ts';
export type { GenerateRequest, GenerateResponse } from './schemas/generate.ts';
export type { Message, Tool, ToolCall } from './schemas/message.ts';
export type {
  CopyRequest,
  DeleteRequest,
  EmptyResponse,
  InstalledModel,
  ListResponse,
  PsResponse,
  RunningModel,
  ShowRequest,
  ShowResponse,
} from './schemas/models.ts';
export type { ModelOptions } from './schemas/options.ts';
export type { StatusResponse, VersionResponse } from './schemas/server.ts';
export type { CreateRequest, ProgressResponse, PullRequest, PushRequest } from './schemas/transfers.ts';
export { OllamaStream } from './stream.ts';
export type { Now, Sleep, Transport, TransportRequest, TransportResponse } from './transport.ts';
