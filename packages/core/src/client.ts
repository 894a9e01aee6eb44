import { Conversation } from './conversation/conversation.ts';
import type { ConversationOptions } from './conversation/options.ts';
import { embedAll } from './embeddings/embed-batches.ts';
import { EmbeddingCache } from './embeddings/embedding-cache.ts';
import { OllamaHttpError } from './errors/errors.ts';
import { Limits } from './http/call-limits.ts';
import { type Connection, lowerCaseNames, type Outgoing } from './http/exchange.ts';
import { parseHost } from './http/host.ts';
import { LongCall } from './http/multi-request-call.ts';
import { readAnswer, readAnswerLines } from './http/read-answer.ts';
import { OllamaStream, wholeAnswer } from './http/stream.ts';
import { Blobs } from './models/blobs.ts';
import { type CreateOptions, type CreateStreamOptions, createModel } from './models/create-model.ts';
import type { CallOptions, ClientOptions, Platform } from './options.ts';
import type { ChatRequest, ChatResponse } from './schemas/chat.ts';
import type { EmbeddingsRequest, EmbeddingsResponse, EmbedRequest, EmbedResponse } from './schemas/embed.ts';
import type { Format } from './schemas/fields.ts';
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
import type { WebFetchRequest, WebFetchResponse, WebSearchRequest, WebSearchResponse } from './schemas/web.ts';
import { type Accumulator, accumulateChat, accumulateGenerate, accumulateProgress } from './wire/accumulate.ts';
import type { Answer, Chunk, CreateResponse, Formatted } from './wire/answer-types.ts';
import { parseOutput } from './wire/json-format.ts';
import { canonicalModel } from './wire/model-name.ts';
import { AnswerNotices } from './wire/notices.ts';
import { wireBody } from './wire/request-body.ts';
import { type Operation, operations } from './wire/routes.ts';

/** Options of the whole forms of pull, push and create. */
export interface TransferOptions extends CallOptions {
  /** Gets each line of progress as it comes. */
  onProgress?: ((line: ProgressResponse) => void) | undefined;
}

/** A model to load, and how. */
export type LoadRequest = Pick<GenerateRequest, 'model' | 'keep_alive' | 'options'>;

const DEFAULT_HOST = '127.0.0.1:11434';
const MAX_LINE_BYTES = 64 * 1024 * 1024;

/**
 * A client of one Ollama server. Each method takes one request, with the server's own field names, and gives the
 * server's own object; `…Stream` methods give its pieces as they come.
 *
 * Every method rejects with an `OllamaError`, and with nothing else.
 */
export class Ollama {
  /** Uploaded files. */
  readonly blobs: Blobs;
  readonly #connection: Connection;
  readonly #notices = new AnswerNotices();
  readonly #embeddingCache: EmbeddingCache | undefined;

  constructor(options: ClientOptions & Platform) {
    const host = parseHost(options.host ?? DEFAULT_HOST);
    // A key from a file or a variable often ends in a line end.
    const key = options.apiKey?.trim();
    const authorization = host.authorization ?? (key ? `Bearer ${key}` : undefined);
    this.#connection = {
      platform: options,
      url: host.url,
      headers: { ...(authorization && { authorization }), ...lowerCaseNames(options.headers) },
      timeouts: options.timeouts,
      maxLineBytes: options.maxLineBytes ?? MAX_LINE_BYTES,
      retry: options.retry,
      limits: new Limits(options, options),
      hooks: options,
    };
    this.blobs = new Blobs(this.#connection);
    if (options.embedCache) {
      this.#embeddingCache = new EmbeddingCache(options.embedCache.maxBytes, (model, call) =>
        this.#digestOf(model, call),
      );
    }
  }

  /** Address of the server, without credentials. */
  get url(): string {
    return this.#connection.url;
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
    const accumulator = this.#noticing(accumulateGenerate(), request);
    const finish = (answer: Chunk<GenerateResponse>) => finished(answer, request, answer.response);
    return this.#stream(operations.generate, request, accumulator, call, finish as Finish<GenerateResponse, F>);
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
    const accumulator = this.#noticing(accumulateChat(), request);
    const finish = (answer: Chunk<ChatResponse>) => finished(answer, request, answer.message.content);
    return this.#stream(operations.chat, request, accumulator, call, finish as Finish<ChatResponse, F>);
  }

  /** A chat that keeps its history, runs tools and stays within the context; `send` and `sendStream` go on with it. */
  conversation<F extends Format = never, const Parameters extends readonly unknown[] = readonly unknown[]>(
    options: ConversationOptions<F, Parameters>,
  ): Conversation<F> {
    return new Conversation(this, options);
  }

  /**
   * One vector of length 1 for each text, in order. Any number of texts: they go out in batches of 32, equal ones once. A
   * text that the server refuses is named in the error.
   */
  embed(request: EmbedRequest, call: CallOptions = {}): Promise<EmbedResponse> {
    const cache = this.#embeddingCache;
    const isOneRequest = cache === undefined && (!Array.isArray(request.input) || request.input.length < 2);
    if (isOneRequest) return embedAll(request, (batch) => this.#whole(operations.embed, batch, call));
    return this.#embedInBatches(request, call, cache);
  }

  /** The older route for one text; its vector is not normalised. Prefer `embed`. */
  embeddings(request: EmbeddingsRequest, call: CallOptions = {}): Promise<EmbeddingsResponse> {
    return this.#whole(operations.embeddings, request, call);
  }

  /** The installed models. */
  list(call: CallOptions = {}): Promise<ListResponse> {
    return this.#whole(operations.list, undefined, call);
  }

  /** The models that are loaded, the one that stays longest first. */
  ps(call: CallOptions = {}): Promise<PsResponse> {
    return this.#whole(operations.ps, undefined, call);
  }

  /** Details of one model: template, parameters, capabilities, licence. */
  show(request: ShowRequest, call: CallOptions = {}): Promise<ShowResponse> {
    return this.#whole(operations.show, request, call);
  }

  /** Copies a model under another name; an existing one is replaced. */
  copy(request: CopyRequest, call: CallOptions = {}): Promise<EmptyResponse> {
    return this.#whole(operations.copy, request, call);
  }

  /** Removes a model. */
  delete(request: DeleteRequest, call: CallOptions = {}): Promise<EmptyResponse> {
    return this.#whole(operations.delete, request, call);
  }

  /**
   * Loads a model before it is needed, or changes how long it stays (`keep_alive`).
   *
   * @returns the server's object: `done_reason: "load"`, or no embeddings for an embedding model.
   */
  load(request: LoadRequest, call: CallOptions = {}): Promise<GenerateResponse | EmbedResponse> {
    return this.#touch(request, call);
  }

  /** Unloads a model at once, which frees its memory. */
  unload(request: { model: string }, call: CallOptions = {}): Promise<GenerateResponse | EmbedResponse> {
    return this.#touch({ ...request, keep_alive: 0 }, call);
  }

  /** Downloads a model. */
  pull(request: PullRequest, call: TransferOptions = {}): Promise<ProgressResponse> {
    const { onProgress, ...options } = call;
    return wholeAnswer(this.pullStream(request, options), onProgress);
  }

  /** Downloads a model, with its progress. Leaving ends the download; a later pull goes on from there. */
  pullStream(request: PullRequest, call: CallOptions = {}): OllamaStream<ProgressResponse> {
    return this.#stream(operations.pull, request, accumulateProgress(), call, asItIs);
  }

  /** Publishes a model in its registry. */
  push(request: PushRequest, call: TransferOptions = {}): Promise<ProgressResponse> {
    const { onProgress, ...options } = call;
    return wholeAnswer(this.pushStream(request, options), onProgress);
  }

  /** Publishes a model in its registry, with its progress. */
  pushStream(request: PushRequest, call: CallOptions = {}): OllamaStream<ProgressResponse> {
    return this.#stream(operations.push, request, accumulateProgress(), call, asItIs);
  }

  /**
   * Makes a model from an installed one, from uploaded files, or from the text of a Modelfile, whose files `/node` hashes
   * and uploads; an existing one of that name is replaced.
   */
  create(request: CreateRequest, options: CreateOptions = {}): Promise<CreateResponse> {
    const { onProgress, ...call } = options;
    return wholeAnswer(this.createStream(request, call), onProgress);
  }

  /** Makes a model, with its progress. */
  createStream(request: CreateRequest, call: CreateStreamOptions = {}): OllamaStream<CreateResponse> {
    const accumulator: Accumulator<CreateResponse> = accumulateProgress();
    const open = (left: AbortSignal) => createModel(this.#connection, request, call, accumulator, left);
    return new OllamaStream({ accumulator, open, finish: asItIs });
  }

  /** Version of the server; a development build says "0.0.0". */
  version(call: CallOptions = {}): Promise<VersionResponse> {
    return this.#whole(operations.version, undefined, call);
  }

  /** Whether the server may use cloud models (Ollama 0.16.2 and newer). */
  status(call: CallOptions = {}): Promise<StatusResponse> {
    return this.#whole(operations.status, undefined, call);
  }

  /** The account that the server is signed in with. */
  me(call: CallOptions = {}): Promise<MeResponse> {
    return this.#whole(operations.me, {}, call);
  }

  /** Models that suit this server, as Ollama recommends them. */
  recommendations(call: CallOptions = {}): Promise<RecommendationsResponse> {
    return this.#whole(operations.recommendations, undefined, call);
  }

  /** Searches the web through ollama.com: by this server's sign-in, or by `apiKey` where the host is ollama.com. */
  webSearch(request: WebSearchRequest, call: CallOptions = {}): Promise<WebSearchResponse> {
    return this.#whole(operations.webSearch, request, call, this.#isCloud() ? '/api/web_search' : undefined);
  }

  /** Reads a page of the web through ollama.com; see `webSearch`. */
  webFetch(request: WebFetchRequest, call: CallOptions = {}): Promise<WebFetchResponse> {
    return this.#whole(operations.webFetch, request, call, this.#isCloud() ? '/api/web_fetch' : undefined);
  }

  /** Ends the connections that are kept open; waits for calls under way, so leave streams that nobody reads on first. */
  async close(): Promise<void> {
    await this.#connection.platform.close?.();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #whole<Response>(
    operation: Operation,
    request: object | undefined,
    call: CallOptions,
    path?: string,
  ): Promise<Response> {
    const prepared = { ...outgoing(operation, request), ...(path !== undefined && { path }) };
    return (await readAnswer(this.#connection, prepared, call)) as Response;
  }

  /** A generation without a prompt; an embedding model refuses that, and takes an embedding without a text. */
  async #touch(request: LoadRequest, call: CallOptions): Promise<GenerateResponse | EmbedResponse> {
    try {
      return await this.generate(request, call);
    } catch (error) {
      // A 405 or 501 is about the route, not about the model.
      if (!(error instanceof OllamaHttpError) || error.code !== 'unsupported' || error.status !== 400) throw error;
      return this.#whole<EmbedResponse>(operations.embed, request, call);
    }
  }

  /** All of its requests share one total deadline. */
  async #embedInBatches(
    request: EmbedRequest,
    call: CallOptions,
    cache: EmbeddingCache | undefined,
  ): Promise<EmbedResponse> {
    const whole = new LongCall(this.#connection, operations.embed, modelOf(request), call);
    try {
      const known = () => cache?.open(request, { ...call, signal: whole.signal });
      return await embedAll(request, (batch) => this.#whole(operations.embed, batch, whole.part()), known);
    } catch (error) {
      throw whole.failure(error);
    } finally {
      whole.end();
    }
  }

  async #digestOf(model: string, call: CallOptions): Promise<string | undefined> {
    const { models } = await this.list(call);
    return models.find(({ name }) => canonicalModel(name) === canonicalModel(model))?.digest;
  }

  #isCloud(): boolean {
    return new URL(this.#connection.url).hostname === 'ollama.com';
  }

  #stream<Line extends object, Whole>(
    operation: Operation,
    request: object,
    accumulator: Accumulator<Line>,
    call: CallOptions,
    finish: (answer: Line) => Whole,
  ): OllamaStream<Line, Whole> {
    // A request that cannot be written rejects the first `next` instead of throwing here.
    const prepare = () => outgoing(operation, request);
    const open = (left: AbortSignal) => readAnswerLines(this.#connection, prepare, accumulator, call, left);
    return new OllamaStream({ accumulator, open, finish });
  }

  /** Adds the notices to the last line of an answer, and so to the whole of it. */
  #noticing<Line extends GenerateResponse | ChatResponse>(
    accumulator: Accumulator<Line>,
    request: Omit<GenerateRequest | ChatRequest, 'format'>,
  ): Accumulator<Line> {
    return {
      ...accumulator,
      add: (line) => {
        accumulator.add(line);
        const whole = line.done ? accumulator.answer() : undefined;
        const notices = whole ? this.#notices.of(request, whole) : [];
        if (notices.length > 0) Object.assign(line, { notices });
      },
    };
  }
}

type Finish<Response, F> = (answer: Chunk<Response>) => Answer<Response, F>;

const asItIs = <Line>(answer: Line): Line => answer;

function outgoing(operation: Operation, request: object | undefined): Outgoing {
  if (request === undefined) return { operation };
  return { operation, model: modelOf(request), body: wireBody(operation, request) };
}

function modelOf(request: { model?: unknown; name?: unknown; source?: unknown }): string | undefined {
  const model = request.model ?? request.name ?? request.source;
  return typeof model === 'string' ? model : undefined;
}

/** A whole answer as it is given: with its notices, and with its value where it has a format. */
function finished(
  answer: Chunk<GenerateResponse | ChatResponse>,
  { format, tools }: { format?: Format | undefined; tools?: readonly unknown[] | undefined },
  text: string,
): object {
  const noticed = { ...answer, notices: answer.notices ?? [] };
  const isLoad = answer.done_reason === 'load' || answer.done_reason === 'unload';
  // A call of a tool that was not offered comes as an empty answer.
  if (!format || (text === '' && (isLoad || (tools && tools.length > 0)))) return noticed;
  return { ...noticed, parsed: parseOutput(format, text, noticed, answer.model) };
}

/** A client on a transport of your own. `@ollama-toolbelt/core/node` and `/fetch` bring theirs. */
export function createOllama(options: ClientOptions & Platform): Ollama {
  return new Ollama(options);
}
