import { Conversation } from './conversation/conversation.ts';
import type { ConversationOptions } from './conversation/options.ts';
import { Embedder } from './embeddings/embedder.ts';
import { readInput } from './errors/unexpected.ts';
import { Calls } from './http/call.ts';
import { checkRequest } from './http/check-request.ts';
import { createClientContext } from './http/client-context.ts';
import { checkOptions, neutralOptions, readTransferOptions } from './http/known-options.ts';
import { type OllamaStream, wholeAnswer } from './http/stream.ts';
import { Blobs } from './models/blobs.ts';
import { createModel } from './models/create-model.ts';
import { loadModel } from './models/load-model.ts';
import type {
  CallOptions,
  ClientOptions,
  CreateOptions,
  CreateStreamOptions,
  EmbedOptions,
  LoadRequest,
  TransferOptions,
} from './options.ts';
import type { Platform } from './platform.ts';
import type { ChatRequest, ChatResponse } from './schemas/chat.ts';
import type { EmbeddingsRequest, EmbeddingsResponse, EmbedRequest, EmbedResponse } from './schemas/embed.ts';
import type { GenerateRequest, GenerateResponse } from './schemas/generate.ts';
import type {
  CopyRequest,
  DeleteRequest,
  EmptyResponse,
  ListResponse,
  PsResponse,
  ShowRequest,
  ShowResponse,
} from './schemas/models.ts';
import type { MeResponse, RecommendationsResponse, StatusResponse, VersionResponse } from './schemas/server.ts';
import type { CreateRequest, ProgressResponse, PullRequest, PushRequest } from './schemas/transfers.ts';
import type { Format } from './schemas/values.ts';
import type { WebFetchRequest, WebFetchResponse, WebSearchRequest, WebSearchResponse } from './schemas/web.ts';
import type { Answer, Chunk, CreateResponse, Formatted } from './wire/answer-types.ts';
import { metered } from './wire/progress-meter.ts';
import { routes } from './wire/routes.ts';

/**
 * A client of one Ollama server; `createOllama` makes one. Each method takes one request, with the server's own field names, and gives the
 * server's own object; `…Stream` methods give its pieces as they come.
 *
 * Every method rejects with an `OllamaError`, and with nothing else.
 */
export class Ollama {
  /** Uploaded files. */
  readonly blobs: Blobs;
  readonly #calls: Calls;
  readonly #embedder: Embedder;

  /**
   * Needs a transport, which `createOllama` of `/node` and `/fetch` brings: use that.
   *
   * @throws OllamaError `bad_host` when the address of the server cannot be read, `bad_request` for an unknown option.
   */
  constructor(options: ClientOptions & Platform) {
    checkOptions(options, neutralOptions, 'createOllama');
    const client = createClientContext(options);
    this.#calls = new Calls(client);
    this.#embedder = new Embedder(this.#calls, options.embedCache);
    this.blobs = new Blobs(client);
  }

  /** Address of the server, without credentials. */
  get url(): string {
    return this.#calls.client.url;
  }

  /** Answers a prompt. An empty prompt only loads the model. */
  generate<F extends Format = never>(
    request: Formatted<GenerateRequest, F>,
    call: CallOptions = {},
  ): Promise<Answer<GenerateResponse, F>> {
    return wholeAnswer(this.generateStream(request, call));
  }

  /** Answers a prompt, piece by piece. The last chunk has `done: true` and the counts. */
  generateStream<F extends Format = never>(
    request: Formatted<GenerateRequest, F>,
    call: CallOptions = {},
  ): OllamaStream<Chunk<GenerateResponse>, Answer<GenerateResponse, F>> {
    return this.#calls.generate(request, call);
  }

  /** Answers a conversation. Empty messages only load the model. */
  chat<F extends Format = never>(
    request: Formatted<ChatRequest, F>,
    call: CallOptions = {},
  ): Promise<Answer<ChatResponse, F>> {
    return wholeAnswer(this.chatStream(request, call));
  }

  /** Answers a conversation, piece by piece. The last chunk has `done: true` and the counts. */
  chatStream<F extends Format = never>(
    request: Formatted<ChatRequest, F>,
    call: CallOptions = {},
  ): OllamaStream<Chunk<ChatResponse>, Answer<ChatResponse, F>> {
    return this.#calls.chat(request, call);
  }

  /** A chat that keeps its history, runs tools and stays within the context; `send` and `sendStream` go on with it. */
  conversation<F extends Format = never, const Parameters extends readonly unknown[] = readonly unknown[]>(
    options: ConversationOptions<F, Parameters>,
  ): Conversation<F> {
    return new Conversation(this, options);
  }

  /**
   * One vector of length 1 for each text, in order. Any number of texts: they go out in batches, equal ones once. A text
   * that the server refuses is named in the error.
   */
  embed(request: EmbedRequest, call: EmbedOptions = {}): Promise<EmbedResponse> {
    return this.#embedder.embed(request, call);
  }

  /** The older route for one text; its vector is not normalized. Prefer `embed`. */
  embeddings(request: EmbeddingsRequest, call: CallOptions = {}): Promise<EmbeddingsResponse> {
    return this.#calls.whole(routes.embeddings, request, call);
  }

  /** The installed models. */
  list(call: CallOptions = {}): Promise<ListResponse> {
    return this.#calls.whole(routes.list, undefined, call);
  }

  /** The models that are loaded, the one that stays longest first. */
  ps(call: CallOptions = {}): Promise<PsResponse> {
    return this.#calls.whole(routes.ps, undefined, call);
  }

  /** Details of one model: template, parameters, capabilities, license. */
  show(request: ShowRequest, call: CallOptions = {}): Promise<ShowResponse> {
    return this.#calls.whole(routes.show, request, call);
  }

  /** Copies a model under another name; an existing one is replaced. */
  copy(request: CopyRequest, call: CallOptions = {}): Promise<EmptyResponse> {
    return this.#calls.whole(routes.copy, request, call);
  }

  /** Removes a model. */
  delete(request: DeleteRequest, call: CallOptions = {}): Promise<EmptyResponse> {
    return this.#calls.whole(routes.delete, request, call);
  }

  /**
   * Loads a model before it is needed, or changes how long it stays (`keep_alive`).
   *
   * @returns the server's object: `done_reason: "load"`, or no embeddings for an embedding model.
   */
  load(request: LoadRequest, call: CallOptions = {}): Promise<GenerateResponse | EmbedResponse> {
    return loadModel(this.#calls, request, call);
  }

  /** Unloads a model at once, which frees its memory. */
  async unload(request: { model: string }, call: CallOptions = {}): Promise<GenerateResponse | EmbedResponse> {
    const now = readInput('The request', () => {
      checkRequest(request);
      return { ...request, keep_alive: 0 };
    });
    return loadModel(this.#calls, now, call);
  }

  /** Downloads a model. */
  async pull(request: PullRequest, call: TransferOptions = {}): Promise<ProgressResponse> {
    const { onProgress, ...options } = readTransferOptions(call);
    return wholeAnswer(this.pullStream(request, options), this.#metered(onProgress));
  }

  /** Downloads a model, with its progress. Leaving ends the download, and a later pull continues from there. */
  pullStream(request: PullRequest, call: CallOptions = {}): OllamaStream<ProgressResponse> {
    return this.#calls.progress(routes.pull, request, call);
  }

  /** Publishes a model in its registry. */
  async push(request: PushRequest, call: TransferOptions = {}): Promise<ProgressResponse> {
    const { onProgress, ...options } = readTransferOptions(call);
    return wholeAnswer(this.pushStream(request, options), this.#metered(onProgress));
  }

  /** Publishes a model in its registry, with its progress. */
  pushStream(request: PushRequest, call: CallOptions = {}): OllamaStream<ProgressResponse> {
    return this.#calls.progress(routes.push, request, call);
  }

  /**
   * Makes a model from an installed one, from uploaded files, or from the text of a Modelfile, whose files `/node` hashes
   * and uploads; an existing one of that name is replaced.
   */
  async create(request: CreateRequest, options: CreateOptions = {}): Promise<CreateResponse> {
    const { onProgress, ...call } = readTransferOptions(options);
    return wholeAnswer(this.createStream(request, call), this.#metered(onProgress));
  }

  /** Makes a model, with its progress. */
  createStream(request: CreateRequest, call: CreateStreamOptions = {}): OllamaStream<CreateResponse> {
    return createModel(this.#calls.client, request, call);
  }

  /** Version of the server; a development build says "0.0.0". */
  version(call: CallOptions = {}): Promise<VersionResponse> {
    return this.#calls.whole(routes.version, undefined, call);
  }

  /** Whether the server may use cloud models (Ollama 0.16.2 and newer). */
  status(call: CallOptions = {}): Promise<StatusResponse> {
    return this.#calls.whole(routes.status, undefined, call);
  }

  /** The account that the server is signed in with. */
  me(call: CallOptions = {}): Promise<MeResponse> {
    return this.#calls.whole(routes.me, {}, call);
  }

  /** Models that suit this server, as Ollama recommends them. */
  recommendations(call: CallOptions = {}): Promise<RecommendationsResponse> {
    return this.#calls.whole(routes.recommendations, undefined, call);
  }

  /** Searches the web through ollama.com: by this server's sign-in, or by `apiKey` where the host is ollama.com. */
  webSearch(request: WebSearchRequest, call: CallOptions = {}): Promise<WebSearchResponse> {
    return this.#calls.whole(routes.webSearch, request, call);
  }

  /** Reads a page of the web through ollama.com; see `webSearch`. */
  webFetch(request: WebFetchRequest, call: CallOptions = {}): Promise<WebFetchResponse> {
    return this.#calls.whole(routes.webFetch, request, call);
  }

  /** Ends the connections that are kept open; waits for calls under way, so leave streams that nobody reads on first. */
  async close(): Promise<void> {
    await this.#calls.close();
  }

  #metered(onProgress: TransferOptions['onProgress']) {
    return metered(onProgress, this.#calls.client.platform.now);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** A client on a transport of your own. `@ollama-toolbelt/core/node` and `/fetch` bring theirs. */
export function createOllama(options: ClientOptions & Platform): Ollama {
  return readInput('The options of createOllama', () => new Ollama(options ?? {}));
}
