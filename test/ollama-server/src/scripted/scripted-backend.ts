import type { IncomingMessage } from 'node:http';
import { readOptions } from '../llama/run-options.ts';
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
import { shortName } from '../store/model-name.ts';
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
import { defaultAnswer } from './default-answer.ts';
import { checkEmbed, checkRun } from './run-checks.ts';
import type { ScriptQueues } from './script-queues.ts';
import { answerLines, progressLines } from './scripted-lines.ts';
import { psEntry, type ScriptedModel, showAnswer, tagsEntry } from './scripted-models.ts';
import { ScriptedStore } from './scripted-store.ts';
import type { AnswerScript } from './scripts.ts';

/** The engine's answer to a valid request; undefined for its usual fixed answer. */
export type Says = (body: ChatBody | GenerateBody, model: ScriptedModel) => AnswerScript | undefined;

interface ScriptedBackendOptions {
  scripts: ScriptQueues;
  version: OllamaVersion;
  says: Says | undefined;
}

/** Responds with the scripts; without one, with plausible fixed responses about a list of models. */
export class ScriptedBackend implements Backend {
  readonly #store: ScriptedStore;
  /** A deleted model stays loaded until its time is over. */
  readonly #loaded = new Map<string, { model: ScriptedModel; until: number }>();
  readonly #scripts: ScriptQueues;
  readonly #version: OllamaVersion;
  readonly #says: Says | undefined;

  constructor(models: readonly ScriptedModel[], { scripts, version, says }: ScriptedBackendOptions) {
    this.#store = new ScriptedStore(models);
    this.#scripts = scripts;
    this.#version = version;
    this.#says = says;
  }

  get models(): ScriptedModel[] {
    return this.#store.models;
  }

  get blobs(): Set<string> {
    return this.#store.blobs;
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
    const shown = () => notFound.plain(this.#version === '0.24' ? model : shortName(name));
    return showAnswer(this.#store.require(model, shown));
  }

  async generate(body: GenerateBody, call: Call): Promise<Answer> {
    const { answer } = this.#scripts.taken(call.request);
    const lines = generateLines(body.model);
    if (answer !== undefined) return { lines: answerLines(answer, lines, call.signal) };
    checkLogprobs(body);
    const model = this.#store.require(body.model, notFound.plain);
    if (asksToUnload(body)) return { once: lines.done({ reason: this.#keep(model, 0) }) };
    checkGenerate(body, model);
    const reason = this.#run(model, body);
    if (isEmpty(body)) return { once: lines.done({ reason }) };
    checkRun(model, body, this.#version);
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
    const model = this.#store.require(body.model, notFound.plain);
    if (asksToUnload(body)) return { once: lines.done({ reason: this.#keep(model, 0) }) };
    checkChat(body, model);
    const reason = this.#run(model, body);
    if (isEmpty(body)) return { once: lines.done({ reason }) };
    checkRun(model, body, this.#version);
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
    return { lines: this.#store.create(name, body) };
  }

  async pull(body: NameBody, call: Call): Promise<Answer> {
    const { progress } = this.#scripts.taken(call.request);
    if (progress !== undefined) return { lines: progressLines(progress, call.signal) };
    const name = requireName(body.model);
    return { lines: this.#store.pull(name) };
  }

  async push(body: NameBody, call: Call): Promise<Answer> {
    const { progress } = this.#scripts.taken(call.request);
    if (progress !== undefined) return { lines: progressLines(progress, call.signal) };
    if (body.model === '') throw new WireError(400, 'model is required');
    return { lines: this.#store.push(requireName(body.model)) };
  }

  copy = (body: CopyBody) => this.#store.copy(body);
  delete = (body: NameBody) => this.#store.delete(body);
  hasBlob = (digest: string) => this.blobs.has(digest);
  addBlob = (digest: string, content: IncomingMessage) => this.#store.addBlob(digest, content);

  #answer(body: ChatBody | GenerateBody, model: ScriptedModel): AnswerScript {
    return this.#says?.(body, model) ?? defaultAnswer(body, model);
  }

  #embeddingRun(body: EmbedBody | EmbeddingsBody, inputs: readonly string[]): void {
    const model = this.#store.require(body.model, notFound.embed);
    this.#run(model, body);
    checkEmbed(model, body, inputs, this.#version);
  }

  /** Loads the model if the options are valid. */
  #run(model: ScriptedModel, { options, keep_alive }: { options?: JsonObject; keep_alive?: number }) {
    readOptions(model.parameters, options);
    return this.#keep(model, keep_alive);
  }

  #keep(model: ScriptedModel, keepAlive = 300_000): 'load' | 'unload' {
    if (keepAlive === 0) this.#loaded.delete(model.name);
    else this.#loaded.set(model.name, { model, until: Date.now() + Math.min(keepAlive, 100 * 365 * 86_400_000) });
    return keepAlive === 0 ? 'unload' : 'load';
  }
}
