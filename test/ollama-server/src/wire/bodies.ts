import type { JsonObject } from './json.ts';

/** Request bodies after decoding: checked against Go's types, `name` merged into `model`. */
interface ModelBody {
  model: string;
  stream?: boolean;
}

export interface NameBody extends ModelBody {
  insecure?: boolean;
}

export interface ShowBody extends ModelBody {
  system?: string;
  verbose?: boolean;
  options?: JsonObject;
}

interface RunBody extends ModelBody {
  format?: unknown;
  /** Milliseconds; Infinity for "forever". */
  keep_alive?: number;
  options?: JsonObject;
  think?: boolean | string;
  truncate?: boolean;
  shift?: boolean;
  logprobs?: boolean;
  top_logprobs?: number;
}

export interface GenerateBody extends RunBody {
  prompt?: string;
  suffix?: string;
  system?: string;
  template?: string;
  context?: number[];
  raw?: boolean;
  images?: string[];
}

export interface ToolCall {
  id?: string;
  function: { index?: number; name: string; arguments: JsonObject };
}

export interface Message {
  role: string;
  content: string;
  thinking?: string;
  images?: string[];
  tool_calls?: ToolCall[];
  tool_name?: string;
  tool_call_id?: string;
}

export interface ChatBody extends RunBody {
  messages?: Message[];
  tools?: JsonObject[];
}

export interface EmbedBody extends ModelBody {
  input?: unknown;
  truncate?: boolean;
  dimensions?: number;
  keep_alive?: number;
  options?: JsonObject;
}

export interface EmbeddingsBody extends ModelBody {
  prompt?: string;
  keep_alive?: number;
  options?: JsonObject;
}

export interface CreateBody extends ModelBody {
  from?: string;
  files?: Record<string, string>;
  adapters?: Record<string, string>;
  quantize?: string;
  template?: string;
  license?: unknown;
  system?: string;
  parameters?: JsonObject;
  messages?: Message[];
}

export interface CopyBody {
  source: string;
  destination: string;
}

export interface WebBody {
  query?: string;
  max_results?: number;
  url?: string;
}

/** The body that each request type decodes to. */
export interface BodyOf {
  GenerateRequest: GenerateBody;
  ChatRequest: ChatBody;
  EmbedRequest: EmbedBody;
  EmbeddingRequest: EmbeddingsBody;
  ShowRequest: ShowBody;
  CreateRequest: CreateBody;
  PullRequest: NameBody;
  PushRequest: NameBody;
  DeleteRequest: NameBody;
  CopyRequest: CopyBody;
  WebRequest: WebBody;
}
