/**
 * `@ollama-toolbelt/core`: the client without a platform. It has no timers, no HTTP of its own and reads no environment;
 * `createOllama` is handed a transport. Programs use `@ollama-toolbelt/core/node` or `/fetch`, which export all of this.
 */

export type { Blobs } from './blobs.ts';
export {
  type Answer,
  type Chunk,
  createOllama,
  type Formatted,
  type LoadRequest,
  Ollama,
  type TransferOptions,
} from './client.ts';
export type { Conversation } from './conversation/conversation.ts';
export type { ConversationInput, ConversationOptions, SendOptions } from './conversation/conversation-options.ts';
export type { ArgumentsOf, ConversationTool, ToolContext } from './conversation/conversation-tool.ts';
export type { CreateOptions, CreateResponse, CreateStreamOptions } from './create-model.ts';
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
export type { RateLimit } from './limits.ts';
export type { LocalFile, LocalFiles, ResolvedReferences } from './local-files.ts';
export type { Reference, References } from './modelfile/convert.ts';
export { formatModelfile } from './modelfile/format.ts';
export type { MessageRole, Modelfile, ModelfileCommand, PlainCommand } from './modelfile/modelfile.ts';
export { parseModelfile } from './modelfile/parse.ts';
export type { Notice, NoticeCode } from './notices.ts';
export type { CallOptions, ClientOptions, Platform, RequestHooks, Timeouts } from './options.ts';
export type { RetryOptions } from './retry.ts';
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
export type { MeResponse, RecommendationsResponse, StatusResponse, VersionResponse } from './schemas/server.ts';
export type { CreateRequest, ProgressResponse, PullRequest, PushRequest } from './schemas/transfers.ts';
export type { WebFetchRequest, WebFetchResponse, WebSearchRequest, WebSearchResponse } from './schemas/web.ts';
export { OllamaStream } from './stream.ts';
export type { Now, Sleep, Transport, TransportRequest, TransportResponse } from './transport.ts';
