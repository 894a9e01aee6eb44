/**
 * `@ollama-toolbelt/core/neutral`: the client without a platform. It has no timers and no HTTP of its own, and reads no
 * environment variables; you pass `createOllama` a transport. Most programs use `@ollama-toolbelt/core`, which is
 * `/node` or `/fetch` depending on the platform; both export everything in here.
 */

export { createOllama, Ollama } from './client.ts';
export type { Conversation } from './conversation/conversation.ts';
export type { ConversationInput, ConversationOptions, SendOptions } from './conversation/options.ts';
export type { ArgumentsOf, ConversationTool, PlainTool, ToolContext } from './conversation/tools.ts';
export { cosineSimilarity } from './embeddings/cosine-similarity.ts';
export type { EmbedFloat32Request, EmbedFloat32Response } from './embeddings/float32.ts';
export { type NearestOptions, type NearestVector, nearestVectors } from './embeddings/nearest.ts';
export { closestNames } from './errors/closest-name.ts';
export {
  type ErrorCode,
  type ErrorDetails,
  type ErrorPhase,
  OllamaAbortError,
  OllamaConnectionError,
  OllamaError,
  type OllamaErrorOptions,
  OllamaHttpError,
  OllamaStreamError,
  OllamaTimeoutError,
} from './errors/errors.ts';
export { type Host, parseHost } from './http/host.ts';
export { OllamaStream } from './http/stream.ts';
export { isLoopback } from './loopback.ts';
export { formatModelfile } from './modelfile/format.ts';
export { isModelPath } from './modelfile/local-path.ts';
export type {
  MessageRole,
  Modelfile,
  ModelfileCommand,
  PlainCommand,
  Reference,
  References,
} from './modelfile/modelfile.ts';
export { parseModelfile } from './modelfile/parse.ts';
export type { Blobs } from './models/blobs.ts';
export { modelNumber } from './models/model-info.ts';
export { runParallel } from './models/run-parallel.ts';
export type {
  CallOptions,
  ClientOptions,
  CreateOptions,
  CreateStreamOptions,
  EmbeddingStore,
  EmbedOptions,
  HeadersLike,
  HeaderValue,
  LoadRequest,
  MemoryCacheOptions,
  RateLimit,
  RequestHooks,
  RetryOptions,
  Timeouts,
  TransferOptions,
  Vector,
} from './options.ts';
export type {
  LocalFile,
  LocalFiles,
  Now,
  Platform,
  ResolvedReferences,
  Sleep,
  Timer,
  Transport,
  TransportRequest,
  TransportResponse,
} from './platform.ts';
export type {
  AssistantMessage,
  ChatRequest,
  ChatResponse,
  CopyRequest,
  CreateRequest,
  DeleteRequest,
  EmbeddingsRequest,
  EmbeddingsResponse,
  EmbedRequest,
  EmbedResponse,
  EmptyResponse,
  GenerateRequest,
  GenerateResponse,
  InstalledModel,
  ListResponse,
  Logprob,
  MeResponse,
  Message,
  ModelDetails,
  ModelOptions,
  ProgressResponse,
  PsResponse,
  PullRequest,
  PushRequest,
  RecommendationsResponse,
  RunningModel,
  ShowRequest,
  ShowResponse,
  StatusResponse,
  Tool,
  ToolCall,
  VersionResponse,
  WebFetchRequest,
  WebFetchResponse,
  WebSearchRequest,
  WebSearchResponse,
} from './schemas/interfaces.ts';
export type { Format, Image, JsonSchema, SchemaLike } from './schemas/values.ts';
export type { Answer, Chunk, CreateResponse, Formatted, WholeOf } from './wire/answer-types.ts';
export type { ParsedOf } from './wire/json-format.ts';
export { canonicalModel } from './wire/model-name.ts';
export type { Notice, NoticeCode, NoticeDetails } from './wire/notices.ts';
export { createProgressMeter, type ProgressMeter, type TransferProgress } from './wire/progress-meter.ts';
export { progressText } from './wire/progress-text.ts';
export { type Usage, usageOf } from './wire/usage.ts';
