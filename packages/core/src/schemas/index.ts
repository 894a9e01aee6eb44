/**
 * `@ollama-toolbelt/core/schemas`: every field of Ollama's API, described once, as zod schemas. Requests and answers of
 * the client are the types of these. Answers are loose: fields of newer servers are kept.
 */
export { AssistantMessage, ChatRequest, ChatResponse } from './chat.ts';
export { EmbeddingsRequest, EmbeddingsResponse, EmbedRequest, EmbedResponse } from './embed.ts';
export { Image, JsonSchema, Logprob, ModelDetails } from './fields.ts';
export { GenerateRequest, GenerateResponse } from './generate.ts';
export { Message, Tool, ToolCall } from './message.ts';
export { ModelOptions } from './model-options.ts';
export {
  CopyRequest,
  DeleteRequest,
  EmptyResponse,
  InstalledModel,
  ListResponse,
  PsResponse,
  RunningModel,
  ShowRequest,
  ShowResponse,
} from './models.ts';
export { MeResponse, RecommendationsResponse, StatusResponse, VersionResponse } from './server.ts';
export { CreateRequest, ProgressResponse, PullRequest, PushRequest } from './transfers.ts';
export type { Format, SchemaLike } from './values.ts';
export { WebFetchRequest, WebFetchResponse, WebSearchRequest, WebSearchResponse } from './web.ts';
