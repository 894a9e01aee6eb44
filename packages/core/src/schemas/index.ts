/**
 * `@ollama-toolbelt/core/schemas`: every field of Ollama's API, described once, as zod schemas. The client's request
 * and response types come from them. Response schemas are loose: they keep fields of newer servers.
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
