import { Conversation } from './conversation/conversation.ts';
import type { ConversationOptions } from './conversation/options.ts';
import { Embedder } from './embeddings/embedder.ts';
import type { EmbedFloat32Request, EmbedFloat32Response } from './embeddings/float32.ts';
import { OllamaError } from './errors/errors.ts';
import { readInput } from './errors/unexpected.ts';
import { Calls } from './http/call.ts';
import { checkRequest } from './http/check-request.ts';
import { createClientContext } from './http/create-context.ts';
import { checkOptions, neutralOptions, readTransferOptions } from './http/known-options.ts';
import type { OllamaStream } from './http/stream.ts';
import { wholeAnswer } from './http/whole-answer.ts';
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
import type {
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
  ListResponse,
  MeResponse,
  ProgressResponse,
  PsResponse,
  PullRequest,
  PushRequest,
  RecommendationsResponse,
  ShowRequest,
  ShowResponse,
  StatusResponse,
  VersionResponse,
  WebFetchRequest,
  WebFetchResponse,
  WebSearchRequest,
  WebSearchResponse,
} from './schemas/interfaces.ts';
import type { Format } from './schemas/values.ts';
import type { Answer, Chunk, CreateResponse, Formatted } from './wire/answer-types.ts';
import { metered } from './wire/progress-meter.ts';
import { routes } from './wire/routes.ts';

/**
 * A client of one Ollama server; create it with `createOllama`. Each method takes one request with the server's own
 * field names, and returns the server's own object; `…Stream` methods yield it in chunks.
 *
 * Every method rejects only with an `OllamaError`.
 */
export class Ollama {
  /** Uploaded files. */
  readonly blobs: Blobs;
  readonly #calls: Calls;
  readonly #embedder: Embedder;

  /**
   * Needs a transport. Use `createOllama` of `/node` or `/fetch`, which provides one.
   *
   * @throws OllamaError `bad_host` if the address of the server cannot be read, `bad_request` for an unknown option.
   */
  constructor(options: ClientOptions & Platform);
  /** @internal Only for the compiler's message. */
  constructor(options: UseCreateOllama);
  constructor(options: (ClientOptions & Platform) | UseCreateOllama) {
    if (typeof options !== 'object' || options?.transport === undefined) throw noTransport();
    checkOptions(options, neutralOptions, 'createOllama');
    const client = createClientContext(options);
    this.#calls = new Calls(client);
    this.#embedder = new Embedder(this.#calls, options.embedCache);
    this.blobs = new Blobs(client);
  }

  /**
   * Address of the server, without credentials.
   *
   * @example
   * ```ts
   * console.log(ollama.url); // http://…
   * ```
   */
  get url(): string {
    return this.#calls.client.url;
  }

  /**
   * Answers a prompt. An empty prompt only loads the model.
   *
   * @example
   * ```ts
   * const { response } = await ollama.generate({ model: 'llama3.2', prompt: 'Why is the sky blue?' });
   * console.log(response); // The sky is blue because …
   * ```
   */
  generate<F extends Format = never>(
    request: Formatted<GenerateRequest, F>,
    call: CallOptions = {},
  ): Promise<Answer<GenerateResponse, F>> {
    return wholeAnswer(this.generateStream(request, call));
  }

  /**
   * Answers a prompt, chunk by chunk. The last chunk has `done: true` and the counts.
   *
   * @example
   * ```ts
   * for await (const { response } of ollama.generateStream({ model: 'llama3.2', prompt: 'What is Docker?' })) {
   *   process.stdout.write(response); // Docker is …
   * }
   * ```
   */
  generateStream<F extends Format = never>(
    request: Formatted<GenerateRequest, F>,
    call: CallOptions = {},
  ): OllamaStream<Chunk<GenerateResponse>, Answer<GenerateResponse, F>> {
    return this.#calls.generate(request, call);
  }

  /**
   * Answers a conversation. Empty messages only load the model.
   *
   * @example
   * ```ts
   * const { message } = await ollama.chat({
   *   model: 'llama3.2',
   *   messages: [{ role: 'user', content: 'Why is the sky blue?' }],
   * });
   * console.log(message.content); // The sky is blue because …
   * ```
   */
  chat<F extends Format = never>(
    request: Formatted<ChatRequest, F>,
    call: CallOptions = {},
  ): Promise<Answer<ChatResponse, F>> {
    return wholeAnswer(this.chatStream(request, call));
  }

  /**
   * Answers a conversation, chunk by chunk. The last chunk has `done: true` and the counts.
   *
   * @example
   * ```ts
   * const stream = ollama.chatStream({
   *   model: 'llama3.2',
   *   messages: [{ role: 'user', content: 'Why is the sky blue?' }],
   * });
   * for await (const { message } of stream) process.stdout.write(message.content); // The sky is blue because …
   * ```
   */
  chatStream<F extends Format = never>(
    request: Formatted<ChatRequest, F>,
    call: CallOptions = {},
  ): OllamaStream<Chunk<ChatResponse>, Answer<ChatResponse, F>> {
    return this.#calls.chat(request, call);
  }

  /**
   * A chat that keeps its history, runs tools and stays within the context; `send` and `sendStream` continue it.
   *
   * @example
   * ```ts
   * const chat = ollama.conversation({ model: 'llama3.2', system: 'You are a pirate.' });
   * const { message } = await chat.send('What is Docker?');
   * console.log(message.content); // Arr! Docker is …
   * ```
   */
  conversation<F extends Format = never, const Parameters extends readonly unknown[] = readonly unknown[]>(
    options: ConversationOptions<F, Parameters>,
  ): Conversation<F> {
    return new Conversation(this, options);
  }

  /**
   * One vector of length 1 for each text, in order, for any number of texts. They are sent in batches, equal texts only
   * once. If the server rejects a text, the error names it.
   *
   * @example
   * ```ts
   * const input = ['Cats eat meat and fish.', 'The sky is blue.'];
   * const { embeddings } = await ollama.embed({ model: 'all-minilm', input });
   * console.log(embeddings.length); // 2
   * ```
   */
  embed(request: EmbedRequest, call: EmbedOptions = {}): Promise<EmbedResponse> {
    return this.#embedder.embed(request, call);
  }

  /**
   * Like `embed`, for many or long vectors: the same numbers as `Float32Array`s, which take less time and memory. It
   * uses OpenAI's route, which accepts only `model`, `input` and `dimensions` and truncates texts that are too long.
   * The cache is not used.
   *
   * @example
   * ```ts
   * const { embeddings } = await ollama.embedFloat32({ model: 'all-minilm', input: ['The sky is blue.'] });
   * console.log(embeddings[0] instanceof Float32Array); // true
   * ```
   */
  embedFloat32(request: EmbedFloat32Request, call: EmbedOptions = {}): Promise<EmbedFloat32Response> {
    return this.#embedder.embedFloat32(request, call);
  }

  /**
   * The older route for one text; its vector is not normalized. Prefer `embed`.
   *
   * @example
   * ```ts
   * const { embedding } = await ollama.embeddings({ model: 'all-minilm', prompt: 'The sky is blue.' });
   * console.log(embedding.length > 0); // true
   * ```
   */
  embeddings(request: EmbeddingsRequest, call: CallOptions = {}): Promise<EmbeddingsResponse> {
    return this.#calls.whole(routes.embeddings, request, call);
  }

  /**
   * The installed models.
   *
   * @example
   * ```ts
   * const { models } = await ollama.list();
   * console.log(models.some(({ name }) => name === 'llama3.2:latest')); // true
   * ```
   */
  list(call: CallOptions = {}): Promise<ListResponse> {
    return this.#calls.whole(routes.list, undefined, call);
  }

  /**
   * The loaded models, the one that stays longest first.
   *
   * @example
   * ```ts
   * await ollama.load({ model: 'llama3.2' });
   * const { models } = await ollama.ps();
   * console.log(models.length > 0); // true
   * ```
   */
  ps(call: CallOptions = {}): Promise<PsResponse> {
    return this.#calls.whole(routes.ps, undefined, call);
  }

  /**
   * Details of one model: template, parameters, capabilities, license.
   *
   * @example
   * ```ts
   * const { capabilities } = await ollama.show({ model: 'llama3.2' });
   * console.log(capabilities); // [ 'completion', 'tools' ]
   * ```
   */
  show(request: ShowRequest, call: CallOptions = {}): Promise<ShowResponse> {
    return this.#calls.whole(routes.show, request, call);
  }

  /**
   * Copies a model to another name, and replaces an existing model of that name.
   *
   * @example
   * ```ts
   * await ollama.copy({ source: 'llama3.2', destination: 'my-copy' });
   * ```
   */
  copy(request: CopyRequest, call: CallOptions = {}): Promise<EmptyResponse> {
    return this.#calls.whole(routes.copy, request, call);
  }

  /**
   * Deletes a model.
   *
   * @example
   * ```ts
   * await ollama.copy({ source: 'llama3.2', destination: 'not-needed' });
   * await ollama.delete({ model: 'not-needed' });
   * ```
   */
  delete(request: DeleteRequest, call: CallOptions = {}): Promise<EmptyResponse> {
    return this.#calls.whole(routes.delete, request, call);
  }

  /**
   * Loads a model before it is needed, or changes how long it stays loaded (`keep_alive`).
   *
   * @returns the server's object: `done_reason: "load"`, or no embeddings for an embedding model.
   *
   * @example
   * ```ts
   * const { done_reason } = (await ollama.load({ model: 'llama3.2', keep_alive: '1h' })) as { done_reason?: string };
   * console.log(done_reason); // load
   * ```
   */
  load(request: LoadRequest, call: CallOptions = {}): Promise<GenerateResponse | EmbedResponse> {
    return loadModel(this.#calls, request, call);
  }

  /**
   * Unloads a model at once, which frees its memory.
   *
   * @example
   * ```ts
   * await ollama.unload({ model: 'llama3.2' });
   * ```
   */
  async unload(request: { model: string }, call: CallOptions = {}): Promise<GenerateResponse | EmbedResponse> {
    const now = readInput('The request', () => {
      checkRequest(request);
      return { ...request, keep_alive: 0 };
    });
    return loadModel(this.#calls, now, call);
  }

  /**
   * Downloads a model.
   *
   * @example
   * ```ts
   * await ollama.pull({ model: 'llama3.2' }, { onProgress: (line, { fraction }) => console.log(line.status, fraction) });
   * ```
   */
  async pull(request: PullRequest, call: TransferOptions = {}): Promise<ProgressResponse> {
    const { onProgress, ...options } = readTransferOptions(call);
    return wholeAnswer(this.pullStream(request, options), this.#metered(onProgress));
  }

  /**
   * Downloads a model, with its progress. Leaving the stream stops the download, and a later pull resumes it.
   *
   * @example
   * ```ts
   * for await (const { status } of ollama.pullStream({ model: 'llama3.2' })) console.log(status);
   * // pulling manifest
   * // …
   * // success
   * ```
   */
  pullStream(request: PullRequest, call: CallOptions = {}): OllamaStream<ProgressResponse> {
    return this.#calls.progress(routes.pull, request, call);
  }

  /**
   * Publishes a model to its registry.
   *
   * @example
   * ```ts
   * const { status } = await ollama.push({ model: 'me/llama3.2' });
   * console.log(status); // success
   * ```
   */
  async push(request: PushRequest, call: TransferOptions = {}): Promise<ProgressResponse> {
    const { onProgress, ...options } = readTransferOptions(call);
    return wholeAnswer(this.pushStream(request, options), this.#metered(onProgress));
  }

  /**
   * Publishes a model to its registry, with its progress.
   *
   * @example
   * ```ts
   * // Give it a name in your namespace first: copy({ source: 'llama3.2', destination: 'me/llama3.2' }).
   * for await (const { status } of ollama.pushStream({ model: 'me/llama3.2' })) console.log(status);
   * // retrieving manifest
   * // …
   * // success
   * ```
   */
  pushStream(request: PushRequest, call: CallOptions = {}): OllamaStream<ProgressResponse> {
    return this.#calls.progress(routes.push, request, call);
  }

  /**
   * Creates a model from an installed one, from uploaded files, or from the text of a Modelfile, whose files `/node`
   * hashes and uploads. Replaces an existing model of that name.
   *
   * @example
   * ```ts
   * const { status } = await ollama.create({ model: 'pirate', from: 'llama3.2', system: 'You are a pirate.' });
   * console.log(status); // success
   * ```
   */
  async create(request: CreateRequest, options: CreateOptions = {}): Promise<CreateResponse> {
    const { onProgress, ...call } = readTransferOptions(options);
    return wholeAnswer(this.createStream(request, call), this.#metered(onProgress));
  }

  /**
   * Creates a model, with its progress.
   *
   * @example
   * ```ts
   * const modelfile = 'FROM llama3.2\nPARAMETER temperature 0\n';
   * for await (const { status } of ollama.createStream({ model: 'exact', modelfile })) console.log(status);
   * // …
   * // success
   * ```
   */
  createStream(request: CreateRequest, call: CreateStreamOptions = {}): OllamaStream<CreateResponse> {
    return createModel(this.#calls.client, request, call);
  }

  /**
   * Version of the server; a development build says "0.0.0".
   *
   * @example
   * ```ts
   * const { version } = await ollama.version();
   * console.log(version); // 0.…
   * ```
   */
  version(call: CallOptions = {}): Promise<VersionResponse> {
    return this.#calls.whole(routes.version, undefined, call);
  }

  /**
   * Whether the server may use cloud models (Ollama 0.16.2 and newer).
   *
   * @example
   * ```ts
   * const { cloud } = await ollama.status();
   * console.log(cloud?.disabled); // …
   * ```
   */
  status(call: CallOptions = {}): Promise<StatusResponse> {
    return this.#calls.whole(routes.status, undefined, call);
  }

  /**
   * The account that the server is signed in with.
   *
   * @example
   * ```ts
   * const { name, email } = await ollama.me();
   * console.log(name, email); // user user@example.com
   * ```
   */
  me(call: CallOptions = {}): Promise<MeResponse> {
    return this.#calls.whole(routes.me, {}, call);
  }

  /**
   * Models that suit this server, as Ollama recommends them.
   *
   * @example
   * ```ts
   * const { recommendations } = await ollama.recommendations();
   * for (const { model, description } of recommendations) console.log(model, description); // …
   * ```
   */
  recommendations(call: CallOptions = {}): Promise<RecommendationsResponse> {
    return this.#calls.whole(routes.recommendations, undefined, call);
  }

  /**
   * Searches the web through ollama.com: with this server's sign-in, or with `apiKey` if the host is ollama.com.
   *
   * @example
   * ```ts
   * const { results } = await ollama.webSearch({ query: 'why is the sky blue', max_results: 3 });
   * console.log(results[0]?.title); // Rayleigh scattering
   * ```
   */
  webSearch(request: WebSearchRequest, call: CallOptions = {}): Promise<WebSearchResponse> {
    return this.#calls.whole(routes.webSearch, request, call);
  }

  /**
   * Reads a web page through ollama.com; see `webSearch`.
   *
   * @example
   * ```ts
   * const { title } = await ollama.webFetch({ url: 'https://example.com' });
   * console.log(title); // Example Domain
   * ```
   */
  webFetch(request: WebFetchRequest, call: CallOptions = {}): Promise<WebFetchResponse> {
    return this.#calls.whole(routes.webFetch, request, call);
  }

  /**
   * Closes the pooled connections. Waits for running calls, so leave streams that you stopped reading first.
   *
   * @example
   * ```ts
   * await ollama.version();
   * await ollama.close(); // or declare the client with `await using`
   * ```
   */
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

/** What the compiler says if only a host is passed. */
type UseCreateOllama = 'Use createOllama({ host }) instead of new Ollama({ host }): it brings the transport';

const noTransport = () =>
  new OllamaError('new Ollama needs a transport.', {
    code: 'bad_request',
    option: 'transport',
    hint: 'Use createOllama({ host }) instead.',
  });

/**
 * A client with your own transport. `@ollama-toolbelt/core/node` and `/fetch` provide one.
 *
 * @example
 * ```ts
 * import { setTimeout as sleep } from 'node:timers/promises';
 * import { createOllama, type Transport } from '@ollama-toolbelt/core/neutral';
 *
 * const transport: Transport = async ({ method, url, headers, body }, signal) => {
 *   if (body !== undefined && typeof body !== 'string') throw new Error('no uploads here');
 *   const answer = await fetch(url, { method, headers, body: body ?? null, signal });
 *   return { status: answer.status, headers: Object.fromEntries(answer.headers), body: answer.body ?? new ReadableStream() };
 * };
 * const ollama = createOllama({
 *   host: 'http://127.0.0.1:11434',
 *   transport,
 *   sleep: (ms, signal) => sleep(ms, undefined, { signal }),
 *   now: () => performance.now(),
 * });
 * console.log((await ollama.version()).version); // 0.…
 * ```
 */
export function createOllama(options: ClientOptions & Platform): Ollama {
  return readInput('The options of createOllama', () => new Ollama(options ?? {}));
}
