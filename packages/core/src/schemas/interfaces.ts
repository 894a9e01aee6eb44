// Written from the schemas by "pnpm run docs"; a test compares. Do not edit.

import type { Format, Image, JsonSchema, OtherText } from './values.ts';

/** The message of the model: in a chunk, the next piece of it. */
export interface AssistantMessage {
  /** Always "assistant". */
  role: 'assistant';
  /** Text of the message. */
  content: string;
  /** Thinking of the model before the text. */
  thinking?: string | undefined;
  /** Tool calls of the model. */
  tool_calls?: ToolCall[] | undefined;
  /** Fields of newer servers. */
  [field: string]: unknown;
}

/** Body of `POST /api/chat`. */
export interface ChatRequest {
  /** Name of the model, such as "llama3.2" or "llama3.2:1b". */
  model: string;
  /** The conversation so far; if empty, the model is only loaded. */
  messages: readonly Message[];
  /** Tools the model may call. */
  tools?: readonly Tool[] | undefined;
  /** "json", or a JSON Schema the answer must follow. */
  format?: Format | undefined;
  /** Whether, or how much, the model thinks before it answers (default: on if it can). */
  think?: boolean | 'low' | 'medium' | 'high' | 'max' | undefined;
  /** How long the model stays loaded: "10m", a number of seconds, -1 forever, 0 to unload (default 5m). */
  keep_alive?: string | number | undefined;
  /** Model and sampling options. */
  options?: ModelOptions | undefined;
  /** Truncate input that does not fit the context (default true); false makes it an error. */
  truncate?: boolean | undefined;
  /** Drop the oldest tokens when the context fills up while answering (default true). */
  shift?: boolean | undefined;
  /** Report the log probability of each token. */
  logprobs?: boolean | undefined;
  /** How many of the most likely tokens to report at each position (0 to 20). */
  top_logprobs?: number | undefined;
  /** Accepted but ignored: the method decides. */
  stream?: boolean | undefined;
}

/** One line of the answer of `POST /api/chat`, or the whole of it. */
export interface ChatResponse {
  /** Model that answered, by the name in the request. */
  model: string;
  /** Time of this chunk, in RFC 3339 format. */
  created_at: string;
  /** Cloud model that answered. */
  remote_model?: string | undefined;
  /** Host of the cloud model. */
  remote_host?: string | undefined;
  /** Whether this is the last chunk. */
  done: boolean;
  /** "stop", "length", "load" or "unload". */
  done_reason?: string | undefined;
  /** How likely each token was, with `logprobs`. */
  logprobs?: Logprob[] | undefined;
  /** Message of the model; in a chunk, the next piece of it. */
  message: AssistantMessage;
  /** Nanoseconds from the request to the end. */
  total_duration?: number | undefined;
  /** Nanoseconds spent loading the model. */
  load_duration?: number | undefined;
  /** Tokens in the prompt. */
  prompt_eval_count?: number | undefined;
  /** Nanoseconds spent evaluating the prompt. */
  prompt_eval_duration?: number | undefined;
  /** Tokens in the answer, including thinking and tool calls. */
  eval_count?: number | undefined;
  /** Nanoseconds spent generating the answer. */
  eval_duration?: number | undefined;
  /** Fields of newer servers. */
  [field: string]: unknown;
}

export interface CopyRequest {
  /** Name of the model, such as "llama3.2" or "llama3.2:1b". */
  source: string;
  /** Name of the copy. */
  destination: string;
}

/** Body of `POST /api/create`: a model made from an installed one (`from`) or from uploaded files. */
export interface CreateRequest {
  /** Name of the model, such as "llama3.2" or "llama3.2:1b". */
  model?: string | undefined;
  /** Older name of `model`. */
  name?: string | undefined;
  /** Text of a Modelfile; the client converts it into the other fields. A field that is also given takes precedence. */
  modelfile?: string | undefined;
  /** Model to start from; the server pulls it if it is missing. */
  from?: string | undefined;
  /** Digests of uploaded blobs by file name. */
  files?: Record<string, string> | undefined;
  /** Digests of uploaded LoRA adapters by file name. */
  adapters?: Record<string, string> | undefined;
  /** Digests of uploaded blobs of the draft model by file name. */
  draft_files?: Record<string, string> | undefined;
  /** Prompt template. */
  template?: string | undefined;
  /** System prompt. */
  system?: string | undefined;
  /** Default options of the model: its PARAMETERs. */
  parameters?: ModelOptions | undefined;
  /** Messages that every chat with the model starts with. */
  messages?: readonly Message[] | undefined;
  /** License text or texts. */
  license?: string | readonly string[] | undefined;
  /** Name of one of Ollama's built-in prompt renderers. */
  renderer?: string | undefined;
  /** Name of one of Ollama's built-in answer parsers. */
  parser?: string | undefined;
  /** Minimum version of Ollama. */
  requires?: string | undefined;
  /** Quantize to this type, such as "q4_K_M". */
  quantize?: string | undefined;
  /** Quantize the draft model to this type. */
  draft_quantize?: string | undefined;
  /** Host of a remote model. */
  remote_host?: string | undefined;
  /** Metadata of a remote model. */
  info?: Record<string, unknown> | undefined;
  /** Accepted but ignored: the method decides. */
  stream?: boolean | undefined;
}

export interface DeleteRequest {
  /** Name of the model, such as "llama3.2" or "llama3.2:1b". */
  model?: string | undefined;
  /** Older name of `model`. */
  name?: string | undefined;
}

/** Body of `POST /api/embed`. */
export interface EmbedRequest {
  /** Name of the model, such as "llama3.2" or "llama3.2:1b". */
  model: string;
  /** Text or texts to embed. */
  input: string | readonly string[];
  /** Truncate input that does not fit the context (default true); false makes it an error. */
  truncate?: boolean | undefined;
  /** Shorten the vectors to this number of dimensions and normalize them again. */
  dimensions?: number | undefined;
  /** How long the model stays loaded: "10m", a number of seconds, -1 forever, 0 to unload (default 5m). */
  keep_alive?: string | number | undefined;
  /** Model and sampling options. */
  options?: ModelOptions | undefined;
}

/** Answer of `POST /api/embed`: one vector of length 1 for each text, in order. */
export interface EmbedResponse {
  /** Model that made the vectors. */
  model: string;
  /** One vector of length 1 for each text, in order. */
  embeddings: number[][];
  /** Nanoseconds from the request to the end. */
  total_duration?: number | undefined;
  /** Nanoseconds spent loading the model. */
  load_duration?: number | undefined;
  /** Tokens in the prompt. */
  prompt_eval_count?: number | undefined;
  /** Fields of newer servers. */
  [field: string]: unknown;
}

/** Body of `POST /api/embeddings`, the older route: one text, no truncation, and a vector that is not normalized. */
export interface EmbeddingsRequest {
  /** Name of the model, such as "llama3.2" or "llama3.2:1b". */
  model: string;
  /** Text to embed. */
  prompt: string;
  /** How long the model stays loaded: "10m", a number of seconds, -1 forever, 0 to unload (default 5m). */
  keep_alive?: string | number | undefined;
  /** Model and sampling options. */
  options?: ModelOptions | undefined;
}

export interface EmbeddingsResponse {
  /** The vector, which is not normalized. */
  embedding: number[];
  /** Fields of newer servers. */
  [field: string]: unknown;
}

/** The server answers copy and delete with an empty body. */
export interface EmptyResponse {
  /** Fields of newer servers. */
  [field: string]: unknown;
}

/** Body of `POST /api/generate`. */
export interface GenerateRequest {
  /** Name of the model, such as "llama3.2" or "llama3.2:1b". */
  model: string;
  /** Text to answer; if empty, the model is only loaded. */
  prompt?: string | undefined;
  /** Text after the gap to fill, for models that can insert text. */
  suffix?: string | undefined;
  /** System prompt, instead of the model's own. */
  system?: string | undefined;
  /** Prompt template, instead of the model's own. */
  template?: string | undefined;
  /** Tokens of an earlier answer, to continue from it (deprecated by Ollama). */
  context?: readonly number[] | undefined;
  /** Send the prompt as it is, without the template. */
  raw?: boolean | undefined;
  /** Images as base64 or bytes, for vision models. */
  images?: readonly Image[] | undefined;
  /** "json", or a JSON Schema the answer must follow. */
  format?: Format | undefined;
  /** Whether, or how much, the model thinks before it answers (default: on if it can). */
  think?: boolean | 'low' | 'medium' | 'high' | 'max' | undefined;
  /** How long the model stays loaded: "10m", a number of seconds, -1 forever, 0 to unload (default 5m). */
  keep_alive?: string | number | undefined;
  /** Model and sampling options. */
  options?: ModelOptions | undefined;
  /** Truncate input that does not fit the context (default true); false makes it an error. */
  truncate?: boolean | undefined;
  /** Drop the oldest tokens when the context fills up while answering (default true). */
  shift?: boolean | undefined;
  /** Report the log probability of each token. */
  logprobs?: boolean | undefined;
  /** How many of the most likely tokens to report at each position (0 to 20). */
  top_logprobs?: number | undefined;
  /** Accepted but ignored: the method decides. */
  stream?: boolean | undefined;
}

/** One line of the answer of `POST /api/generate`, or the whole of it. */
export interface GenerateResponse {
  /** Model that answered, by the name in the request. */
  model: string;
  /** Time of this chunk, in RFC 3339 format. */
  created_at: string;
  /** Cloud model that answered. */
  remote_model?: string | undefined;
  /** Host of the cloud model. */
  remote_host?: string | undefined;
  /** Whether this is the last chunk. */
  done: boolean;
  /** "stop", "length", "load" or "unload". */
  done_reason?: string | undefined;
  /** How likely each token was, with `logprobs`. */
  logprobs?: Logprob[] | undefined;
  /** Text of the answer; in a chunk, the next piece of it. */
  response: string;
  /** Thinking of the model before the text. */
  thinking?: string | undefined;
  /** Tool calls of the model. */
  tool_calls?: ToolCall[] | undefined;
  /** Tokens so far, to continue from them (deprecated by Ollama). */
  context?: number[] | undefined;
  /** Nanoseconds from the request to the end. */
  total_duration?: number | undefined;
  /** Nanoseconds spent loading the model. */
  load_duration?: number | undefined;
  /** Tokens in the prompt. */
  prompt_eval_count?: number | undefined;
  /** Nanoseconds spent evaluating the prompt. */
  prompt_eval_duration?: number | undefined;
  /** Tokens in the answer, including thinking and tool calls. */
  eval_count?: number | undefined;
  /** Nanoseconds spent generating the answer. */
  eval_duration?: number | undefined;
  /** Fields of newer servers. */
  [field: string]: unknown;
}

export interface InstalledModel {
  /** Name and tag, such as "llama3.2:latest". */
  name: string;
  /** The same name. */
  model: string;
  /** Name of the cloud model behind it. */
  remote_model?: string | undefined;
  /** Host of the cloud model. */
  remote_host?: string | undefined;
  /** Time of the last change, in RFC 3339 format. */
  modified_at: string;
  /** Bytes on disk. */
  size: number;
  /** SHA-256 of its manifest, in hex; it changes with the model. */
  digest: string;
  /** Format, family, size and quantization. */
  details?: ModelDetails | undefined;
  /** "completion", "tools", "vision", "embedding", "thinking" … */
  capabilities?: string[] | undefined;
  /** Fields of newer servers. */
  [field: string]: unknown;
}

export interface ListResponse {
  /** The installed models, most recently changed first. */
  models: InstalledModel[];
  /** Fields of newer servers. */
  [field: string]: unknown;
}

/** One token of an answer and how likely it was. */
export interface Logprob {
  /** Text of the token. */
  token: string;
  /** Natural logarithm of its probability: 0 is certain. */
  logprob: number;
  /** Bytes of the token in UTF-8; a character can span several tokens. */
  bytes?: number[] | undefined;
  /** The most likely tokens at this position, with `top_logprobs`. */
  top_logprobs?:
    | {
        /** Text of the token. */
        token: string;
        /** Natural logarithm of its probability: 0 is certain. */
        logprob: number;
        /** Bytes of the token in UTF-8; a character can span several tokens. */
        bytes?: number[] | undefined;
        /** Fields of newer servers. */
        [field: string]: unknown;
      }[]
    | undefined;
  /** Fields of newer servers. */
  [field: string]: unknown;
}

/** Answer of `POST /api/me`: the account the server is signed in with. */
export interface MeResponse {
  /** Id of the account. */
  id?: string | undefined;
  /** Name of the account. */
  name?: string | undefined;
  /** Email address of the account. */
  email?: string | undefined;
  /** Plan of the account, such as "free". */
  plan?: string | undefined;
  /** Fields of newer servers. */
  [field: string]: unknown;
}

/** One message of a chat. */
export interface Message {
  /** Author of the message: "system", "user", "assistant" or "tool". */
  role: 'system' | 'user' | 'assistant' | 'tool' | OtherText;
  /** Text of the message; null, which other APIs use with tool calls, counts as empty. */
  content: string | null;
  /** Thinking of the model before this answer. */
  thinking?: string | undefined;
  /** Images as base64 or bytes, for vision models. */
  images?: readonly Image[] | undefined;
  /** Tool calls of the model. */
  tool_calls?: readonly ToolCall[] | undefined;
  /** With role "tool": name of the tool that returned this result. */
  tool_name?: string | undefined;
  /** With role "tool": id of the call that returned this result. */
  tool_call_id?: string | undefined;
}

export interface ModelDetails {
  /** Model that it was created from. */
  parent_model?: string | undefined;
  /** Format of the weights: "gguf" or "safetensors". */
  format?: string | undefined;
  /** Architecture, such as "llama". */
  family?: string | undefined;
  /** All architectures in it, such as "llama" and "clip". */
  families?: string[] | null | undefined;
  /** Number of parameters, rounded, such as "3.2B". */
  parameter_size?: string | undefined;
  /** Quantization of the weights, such as "Q4_K_M". */
  quantization_level?: string | undefined;
  /** Longest context that the model supports, in tokens. */
  context_length?: number | undefined;
  /** Dimensions of an embedding vector. */
  embedding_length?: number | undefined;
  /** Fields of newer servers. */
  [field: string]: unknown;
}

/**
 * Settings of a model and its sampling, Ollama's `options`. What is left out takes the value of the model's own
 * parameters, then Ollama's default. The server ignores a name it does not know.
 */
export interface ModelOptions {
  /** Randomness: 0 gives the most likely answer, higher values are more varied (default 0.8). */
  temperature?: number | undefined;
  /** Sample from the K most likely tokens (default 40). */
  top_k?: number | undefined;
  /** Sample from the most likely tokens whose probabilities add up to this (default 0.9). */
  top_p?: number | undefined;
  /** Leave out tokens with less than this fraction of the highest probability (default 0). */
  min_p?: number | undefined;
  /** Locally typical sampling; 1 is off (default 1). */
  typical_p?: number | undefined;
  /** Random seed, for reproducible answers (default: random). */
  seed?: number | undefined;
  /** Maximum number of tokens in the answer (default -1: no limit). */
  num_predict?: number | undefined;
  /** Context window in tokens; a change reloads the model. */
  num_ctx?: number | undefined;
  /** Tokens at the start of the prompt that are kept when the context is full (default 4). */
  num_keep?: number | undefined;
  /** Prompt tokens evaluated at once (default 512); a change reloads the model. */
  num_batch?: number | undefined;
  /** Layers on the GPU; -1 lets the server choose; a change reloads the model. */
  num_gpu?: number | undefined;
  /** Index of the GPU for small tensors; a change reloads the model. */
  main_gpu?: number | undefined;
  /** CPU threads; 0 lets the server choose; a change reloads the model. */
  num_thread?: number | undefined;
  /** Map the model file into memory; a change reloads the model. */
  use_mmap?: boolean | undefined;
  /** Tokens that a draft model predicts ahead (default 4; 0 without one). */
  draft_num_predict?: number | undefined;
  /** Penalty for repeated tokens; 1 is off (default 1; 1.1 before Ollama 0.32.10). */
  repeat_penalty?: number | undefined;
  /** How many tokens to look back for repeats; -1 is the whole context (default 64). */
  repeat_last_n?: number | undefined;
  /** Penalty for tokens that have already occurred (default 0). */
  presence_penalty?: number | undefined;
  /** Penalty for tokens by how often they have occurred (default 0). */
  frequency_penalty?: number | undefined;
  /** Stop sequences: the answer ends before the first of them. */
  stop?: readonly string[] | undefined;
}

/** One line of progress. The last one has the status "success". */
export interface ProgressResponse {
  /** Current step; "success" at the end. */
  status: string;
  /** Digest of the layer that this line is about. */
  digest?: string | undefined;
  /** Size of the layer, in bytes. */
  total?: number | undefined;
  /** Bytes of the layer that have been transferred. */
  completed?: number | undefined;
  /** Fields of newer servers. */
  [field: string]: unknown;
}

export interface PsResponse {
  /** The loaded models, the one that stays loaded longest first. */
  models: RunningModel[];
  /** Fields of newer servers. */
  [field: string]: unknown;
}

export interface PullRequest {
  /** Name of the model, such as "llama3.2" or "llama3.2:1b". */
  model?: string | undefined;
  /** Older name of `model`. */
  name?: string | undefined;
  /** Allow a registry without TLS. */
  insecure?: boolean | undefined;
  /** Accepted but ignored: the method decides. */
  stream?: boolean | undefined;
}

export interface PushRequest {
  /** Name of the model, such as "llama3.2" or "llama3.2:1b". */
  model?: string | undefined;
  /** Older name of `model`. */
  name?: string | undefined;
  /** Allow a registry without TLS. */
  insecure?: boolean | undefined;
  /** Accepted but ignored: the method decides. */
  stream?: boolean | undefined;
}

/** Answer of `GET /api/experimental/model-recommendations`: models that suit this server. */
export interface RecommendationsResponse {
  /** Recommended models, the best first. */
  recommendations: {
    /** Name of the model. */
    model: string;
    /** What it is good for. */
    description?: string | undefined;
    /** Context length, in tokens. */
    context_length?: number | undefined;
    /** Longest answer, in tokens. */
    max_output_tokens?: number | undefined;
    /** GPU memory that it needs, in bytes. */
    vram_bytes?: number | undefined;
    /** Plan that an account needs to use it. */
    required_plan?: string | undefined;
    /** Fields of newer servers. */
    [field: string]: unknown;
  }[];
  /** Fields of newer servers. */
  [field: string]: unknown;
}

export interface RunningModel {
  /** Name and tag, such as "llama3.2:latest". */
  name: string;
  /** The same name. */
  model: string;
  /** Bytes in memory. */
  size: number;
  /** SHA-256 of its manifest, in hex. */
  digest: string;
  /** Format, family, size and quantization. */
  details?: ModelDetails | undefined;
  /** When it will be unloaded. */
  expires_at: string;
  /** Bytes of these in GPU memory. */
  size_vram: number;
  /** Context window it was loaded with, in tokens. */
  context_length?: number | undefined;
  /** Fields of newer servers. */
  [field: string]: unknown;
}

export interface ShowRequest {
  /** Name of the model, such as "llama3.2" or "llama3.2:1b". */
  model?: string | undefined;
  /** Older name of `model`. */
  name?: string | undefined;
  /** Include the tensors, and long arrays such as the vocabulary. */
  verbose?: boolean | undefined;
}

export interface ShowResponse {
  /** Text of the license. */
  license?: string | undefined;
  /** Modelfile that creates the model again. */
  modelfile?: string | undefined;
  /** One "name value" a line. */
  parameters?: string | undefined;
  /** Prompt template. */
  template?: string | undefined;
  /** System prompt. */
  system?: string | undefined;
  /** Name of one of Ollama's built-in prompt renderers. */
  renderer?: string | undefined;
  /** Name of one of Ollama's built-in answer parsers. */
  parser?: string | undefined;
  /** Format, family, size and quantization. */
  details: ModelDetails;
  /** Messages that every chat with it starts with. */
  messages?: (Message & { [field: string]: unknown })[] | undefined;
  /** Name of the cloud model behind it. */
  remote_model?: string | undefined;
  /** Host of the cloud model. */
  remote_host?: string | undefined;
  /** Metadata of the weights by key, such as "llama.context_length". */
  model_info?: Record<string, unknown> | undefined;
  /** Metadata of the vision part by key. */
  projector_info?: Record<string, unknown> | undefined;
  /** Only with verbose. */
  tensors?:
    | {
        /** Name of the tensor. */
        name: string;
        /** Type of its numbers, such as "F16". */
        type: string;
        /** Its dimensions. */
        shape: number[];
        /** Fields of newer servers. */
        [field: string]: unknown;
      }[]
    | null
    | undefined;
  /** "completion", "tools", "vision", "embedding", "thinking" … */
  capabilities?: string[] | undefined;
  /** Time of the last change, in RFC 3339 format. */
  modified_at?: string | undefined;
  /** Minimum version of Ollama. */
  requires?: string | undefined;
  /** Fields of newer servers. */
  [field: string]: unknown;
}

/** Answer of `GET /api/status` (Ollama 0.16.2 and newer). */
export interface StatusResponse {
  /** Use of cloud models. */
  cloud?:
    | {
        /** Whether the server may not use cloud models. */
        disabled: boolean;
        /** Where this was set. */
        source?: string | undefined;
        /** Fields of newer servers. */
        [field: string]: unknown;
      }
    | undefined;
  /** Fields of newer servers. */
  [field: string]: unknown;
}

/** A tool the model may call. The server drops JSON Schema keywords it does not know, such as `oneOf` or `pattern`. */
export interface Tool {
  /** "function". */
  type: string;
  /** The function that can be called. */
  function: {
    /** Name of the tool. */
    name: string;
    /** Tells the model what the tool does and when to use it. */
    description?: string | undefined;
    /** JSON Schema of the arguments. */
    parameters?: JsonSchema | undefined;
    /** Fields of newer servers. */
    [field: string]: unknown;
  };
  /** Fields of newer servers. */
  [field: string]: unknown;
}

/** A tool call by the model. `arguments` is an object in both directions, never JSON text. */
export interface ToolCall {
  /** Id of the call, for `tool_call_id` of its result. */
  id?: string | undefined;
  /** Function to call, and its arguments. */
  function: {
    /** Index among the calls of this answer, from 0. */
    index?: number | undefined;
    /** Name of the tool. */
    name: string;
    /** Arguments as an object, not as JSON text. */
    arguments: Record<string, unknown>;
    /** Fields of newer servers. */
    [field: string]: unknown;
  };
  /** Fields of newer servers. */
  [field: string]: unknown;
}

export interface VersionResponse {
  /** Version of Ollama, such as "0.33.0". */
  version: string;
  /** Fields of newer servers. */
  [field: string]: unknown;
}

export interface WebFetchRequest {
  /** URL of the page. */
  url: string;
}

export interface WebFetchResponse {
  /** Title of the page. */
  title?: string | undefined;
  /** Text of the page. */
  content?: string | undefined;
  /** URLs that the page links to. */
  links?: string[] | null | undefined;
  /** Fields of newer servers. */
  [field: string]: unknown;
}

export interface WebSearchRequest {
  /** Search query. */
  query: string;
  /** Maximum number of results, 1 to 10 (default 5). */
  max_results?: number | undefined;
}

export interface WebSearchResponse {
  /** Pages found, the best match first. */
  results: {
    /** Title of the page. */
    title?: string | undefined;
    /** URL of the page. */
    url?: string | undefined;
    /** Excerpt that matches the query. */
    content?: string | undefined;
    /** Fields of newer servers. */
    [field: string]: unknown;
  }[];
  /** Fields of newer servers. */
  [field: string]: unknown;
}
