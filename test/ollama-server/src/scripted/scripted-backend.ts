import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { checkFormat } from '../llama/format.ts';
import { inputTooLong, runErrors } from '../llama/run-errors.ts';
import { readOptions } from '../llama/run-options.ts';
import { checkQuantization, checkTemplate, noSuchBlob, uploadedFile } from '../store/create-checks.ts';
import {
  asksToUnload,
  checkChat,
  checkGenerate,
  checkLogprobs,
  inputsOf,
  isEmpty,
  notFound,
  requireModel,
  requireName,
} from '../store/model-checks.ts';
import { type ModelName, nameKey, parseModelName, shortName } from '../store/model-name.ts';
import { checkReachable, noManifest } from '../store/transfers.ts';
import { chatLines, generateLines } from '../wire/answer-lines.ts';
import type { Answer, Backend, Call } from '../wire/backend.ts';
import type {
  ChatBody,
  CopyBody,
  CreateBody,
  EmbedBody,
  EmbeddingsBody,
  GenerateBody,
  NameBody,
  ShowBody,
} from '../wire/bodies.ts';
import type { JsonObject } from '../wire/json.ts';
import type { OllamaVersion } from '../wire/version.ts';
import { WireError } from '../wire/wire-error.ts';
import { bagOfWords, countWords } from './bag-of-words.ts';
import { defaultAnswer, promptOf } from './default-answer.ts';
import type { ScriptQueues } from './script-queues.ts';
import { answerLines, progressLines } from './scripted-lines.ts';
import { createdFrom, psEntry, type ScriptedModel, scriptedModel, showAnswer, tagsEntry } from './scripted-models.ts';
import type { AnswerScript } from './scripts.ts';

/** What the engine says to a request that it has found to be in order; nothing is its usual fixed answer. */
export type Says = (body: ChatBody | GenerateBody, model: ScriptedModel) => AnswerScript | undefined;

interface ScriptedBackendOptions {
  scripts: ScriptQueues;
  version: OllamaVersion;
  says: Says | undefined;
}

/** Answers what the scripts say; without one, plausible fixed answers about a list of models. */
export class ScriptedBackend implements Backend {
  readonly models: ScriptedModel[];
  readonly blobs = new Set<string>();
  /** A deleted model stays in memory until its time is over. */
  readonly #loaded = new Map<string, { model: ScriptedModel; until: number }>();
  readonly #scripts: ScriptQueues;
  readonly #version: OllamaVersion;
  readonly #says: Says | undefined;

  constructor(models: readonly ScriptedModel[], { scripts, version, says }: ScriptedBackendOptions) {
    this.models = [...models];
    this.#scripts = scripts;
    this.#version = version;
    this.#says = says;
  }

  version = () => ({ version: `${this.#version}.0` });
  status = () => ({ cloud: { disabled: false, source: 'none' } });
  tags = () => ({ models: this.models.map((model) => tagsEntry(model, this.#version)) });
  ps = () => ({
    models: [...this.#loaded.values()]
      .filter(({ until }) => until > Date.now())
      .map(({ model, until }) => psEntry(model, new Date(until).toISOString())),
  });
  me = () => ({ id: '00000000-0000-4000-8000-000000000000', email: 'user@example.com', name: 'user' });
  signOut = () => null;
  webSearch = () => ({ results: [{ title: 'Example', url: 'https://example.com/', content: 'An example page.' }] });
  webFetch = () => ({ title: 'Example', content: 'An example page.', links: ['https://example.com/more'] });
  recommendations = () => ({ recommendations: [{ model: 'chat-model', description: 'A model to start with.' }] });

  show({ model }: ShowBody): JsonObject {
    if (model === '') throw new WireError(400, 'model is required');
    const name = requireName(model);
    return showAnswer(this.find(model) ?? fail(notFound.plain(this.#version === '0.24' ? model : shortName(name))));
  }

  async generate(body: GenerateBody, call: Call): Promise<Answer> {
    const { answer } = this.#scripts.taken(call.request);
    const lines = generateLines(body.model);
    if (answer !== undefined) return { lines: answerLines(answer, lines, call.signal) };
    checkLogprobs(body);
    const model = this.find(body.model) ?? fail(notFound.plain(body.model));
    if (asksToUnload(body)) return { once: lines.done({ reason: this.#keep(model, 0) }) };
    checkGenerate(body, model);
    const reason = this.#run(model, body);
    if (isEmpty(body)) return { once: lines.done({ reason }) };
    this.#checkRun(model, body);
    return {
      lines: answerLines(
        { ...(!body.raw && { context: [1, 2, 3] }), ...this.#answer(body, model) },
        lines,
        call.signal,
      ),
    };
  }

  async chat(body: ChatBody, call: Call): Promise<Answer> {
    const { answer } = this.#scripts.taken(call.request);
    const lines = chatLines(body.model);
    if (answer !== undefined) return { lines: answerLines(answer, lines, call.signal) };
    checkLogprobs(body);
    requireModel(body.model);
    const model = this.find(body.model) ?? fail(notFound.plain(body.model));
    if (asksToUnload(body)) return { once: lines.done({ reason: this.#keep(model, 0) }) };
    checkChat(body, model);
    const reason = this.#run(model, body);
    if (isEmpty(body)) return { once: lines.done({ reason }) };
    this.#checkRun(model, body);
    return { lines: answerLines(this.#answer(body, model), lines, call.signal) };
  }

  async embed(body: EmbedBody, call: Call): Promise<JsonObject> {
    const { embed } = this.#scripts.taken(call.request);
    const inputs = inputsOf(body.input);
    if (embed === undefined) this.#embeddingRun(body, inputs);
    const embeddings = embed?.embeddings ?? inputs.map((text) => bagOfWords(text, body.dimensions));
    const tokens = embed?.promptTokens ?? inputs.reduce((sum, text) => sum + countWords(text), 0);
    const counts = tokens > 0 ? { total_duration: 5_000_000, load_duration: 1_000_000, prompt_eval_count: tokens } : {};
    return { model: body.model, embeddings, ...counts };
  }

  async embeddings(body: EmbeddingsBody, call: Call): Promise<JsonObject> {
    const { embed } = this.#scripts.taken(call.request);
    if (embed !== undefined) return { embedding: embed.embeddings[0] ?? [] };
    requireModel(body.model);
    this.#embeddingRun(body, body.prompt ? [body.prompt] : []);
    return { embedding: body.prompt ? bagOfWords(body.prompt) : [] };
  }

  async create(body: CreateBody, call: Call): Promise<Answer> {
    const { progress } = this.#scripts.taken(call.request);
    if (progress !== undefined) return { lines: progressLines(progress, call.signal) };
    const name = requireName(body.model);
    return { lines: this.#create(name, body) };
  }

  async *#create(name: ModelName, body: CreateBody): AsyncGenerator<JsonObject> {
    const source = uploadedFile(body);
    if (source !== undefined) {
      yield { status: 'parsing GGUF' };
      if (!this.blobs.has(source)) throw noSuchBlob(source);
    }
    // A base that is not here is had from the registry, which has everything.
    const from = source === undefined ? this.find(requireName(body.from!)) : undefined;
    if (body.quantize) checkQuantization(body.quantize);
    if (body.template !== undefined) checkTemplate(body.template);
    this.#add(createdFrom(from ?? scriptedModel({ name: 'new', licenses: [], parameters: {} }), body, shortName(name)));
    yield { status: `using existing layer sha256:${'0'.repeat(64)}` };
    yield { status: 'writing manifest' };
    yield { status: 'success' };
  }

  async pull(body: NameBody, call: Call): Promise<Answer> {
    const { progress } = this.#scripts.taken(call.request);
    if (progress !== undefined) return { lines: progressLines(progress, call.signal) };
    const name = requireName(body.model);
    return { lines: this.#pull(name) };
  }

  async *#pull(name: ModelName): AsyncGenerator<JsonObject> {
    yield { status: 'pulling manifest' };
    checkReachable(name);
    const model = this.find(name) ?? scriptedModel({ name: shortName(name) });
    this.#add(model);
    const digest = `sha256:${'ab'.repeat(32)}`;
    const layer = (completed?: number) => ({
      status: `pulling ${'ab'.repeat(6)}`,
      digest,
      total: model.size,
      ...(completed && { completed }),
    });
    for (const completed of [undefined, model.size / 2, model.size]) yield layer(completed);
    for (const status of ['verifying sha256 digest', 'writing manifest', 'success']) yield { status };
  }

  async push(body: NameBody, call: Call): Promise<Answer> {
    const { progress } = this.#scripts.taken(call.request);
    if (progress !== undefined) return { lines: progressLines(progress, call.signal) };
    if (body.model === '') throw new WireError(400, 'model is required');
    return { lines: this.#push(requireName(body.model)) };
  }

  async *#push(name: ModelName): AsyncGenerator<JsonObject> {
    yield { status: 'retrieving manifest' };
    if (this.find(name) === undefined) {
      yield { status: "couldn't retrieve manifest" };
      throw noManifest(name);
    }
    for (const status of ['pushing manifest', 'success']) yield { status };
  }

  copy({ source, destination }: CopyBody): void {
    if (parseModelName(source) === undefined) throw new WireError(400, `source "${source}" is invalid`);
    const name = parseModelName(destination);
    if (name === undefined) throw new WireError(400, `destination "${destination}" is invalid`);
    this.#add({ ...(this.find(source) ?? fail(notFound.copy(source))), name: shortName(name) });
  }

  delete({ model }: NameBody): void {
    if (model === '') throw new WireError(400, 'model is required');
    if (parseModelName(model) === undefined) throw new WireError(400, `name "${model}" is invalid`);
    const found = this.find(model) ?? fail(notFound.plain(model));
    this.models.splice(this.models.indexOf(found), 1);
  }

  hasBlob = (digest: string) => this.blobs.has(digest);

  async addBlob(digest: string, content: IncomingMessage): Promise<void> {
    const hash = createHash('sha256');
    for await (const part of content) hash.update(part as Buffer);
    const got = `sha256:${hash.digest('hex')}`;
    if (got !== digest) throw new WireError(400, `digest mismatch, expected "${digest}", got "${got}"`);
    this.blobs.add(digest);
  }

  find(text: ModelName | string): ScriptedModel | undefined {
    const name = typeof text === 'string' ? parseModelName(text) : text;
    return name && this.models.find((model) => nameKey(parseModelName(model.name)!) === nameKey(name));
  }

  #answer(body: ChatBody | GenerateBody, model: ScriptedModel): AnswerScript {
    return this.#says?.(body, model) ?? defaultAnswer(body, model);
  }

  #embeddingRun(body: EmbedBody | EmbeddingsBody, inputs: readonly string[]): void {
    const model = this.find(body.model) ?? fail(notFound.embed(body.model));
    this.#run(model, body);
    const errors = runErrors[this.#version];
    const error = model.capabilities.includes('embedding') ? undefined : errors.withoutEmbeddings?.();
    if (inputs.length > 0 && error !== undefined) throw error;
    if (inputs.includes('')) throw errors.emptyInput();
    const mayCut = 'input' in body && body.truncate !== false;
    if (!mayCut && inputs.some((text) => countWords(text) > model.contextLength)) throw inputTooLong();
  }

  /** Loads the model if the options are as they must be. */
  #run(model: ScriptedModel, { options, keep_alive }: { options?: JsonObject; keep_alive?: number }) {
    readOptions(model.parameters, options);
    return this.#keep(model, keep_alive);
  }

  /** What an engine refuses once the model is loaded; a word counts for a token. */
  #checkRun(model: ScriptedModel, body: ChatBody | GenerateBody): void {
    const errors = runErrors[this.#version];
    checkFormat(body.format, this.#version);
    const images = 'messages' in body ? (body.messages ?? []).flatMap(({ images }) => images ?? []) : imagesOf(body);
    const blind = model.capabilities.includes('vision') ? undefined : errors.withoutVision?.();
    if (images.length > 0 && blind !== undefined) throw blind;
    const { num_ctx = model.contextLength } = readOptions(model.parameters, body.options);
    const contextLength = Math.max(4, Math.min(num_ctx, model.contextLength));
    const tokens = countWords(promptOf(body));
    if (body.truncate === false && tokens >= contextLength) throw errors.contextExceeded(tokens, contextLength);
  }

  #add(model: ScriptedModel): void {
    const old = this.find(model.name);
    if (old !== undefined) this.models.splice(this.models.indexOf(old), 1);
    this.models.push(model);
  }

  #keep(model: ScriptedModel, keepAlive = 300_000): 'load' | 'unload' {
    if (keepAlive === 0) this.#loaded.delete(model.name);
    else this.#loaded.set(model.name, { model, until: Date.now() + Math.min(keepAlive, 100 * 365 * 86_400_000) });
    return keepAlive === 0 ? 'unload' : 'load';
  }
}

const imagesOf = (body: ChatBody | GenerateBody) => ('images' in body ? (body.images ?? []) : []);

const fail = (error: WireError): never => {
  throw error;
};
