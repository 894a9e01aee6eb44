import type { IncomingMessage } from 'node:http';
import { createModel } from '../store/create-model.ts';
import {
  asksToUnload,
  checkChat,
  checkGenerate,
  checkLogprobs,
  isEmpty,
  notFound,
  requireModel,
  requireName,
} from '../store/model-checks.ts';
import { psEntry, tagsEntry } from '../store/model-listing.ts';
import { type ModelName, parseModelName } from '../store/model-name.ts';
import { ModelStore } from '../store/model-store.ts';
import { showModel } from '../store/show-model.ts';
import type { StoredModel } from '../store/stored-model.ts';
import { pullModel, pushModel } from '../store/transfers.ts';
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
import { fullVersion, type OllamaVersion } from '../wire/version.ts';
import { WireError } from '../wire/wire-error.ts';
import { bundledModel, installBundled } from './bundled-models.ts';
import { embed, embedOne } from './llama-embed.ts';
import { chatRun, type Engine, generateRun, load } from './llama-run.ts';
import { LoadedModels } from './loaded-models.ts';

interface LlamaBackendOptions {
  empty?: boolean;
  version?: OllamaVersion;
}

/** The engine that runs real models. */
export class LlamaBackend implements Backend {
  readonly #version: OllamaVersion;
  readonly #store: ModelStore;
  readonly #loaded: LoadedModels;
  readonly #engine: Engine;

  private constructor(version: OllamaVersion) {
    this.#version = version;
    this.#store = new ModelStore(version);
    this.#loaded = new LoadedModels(this.#store);
    this.#engine = { loaded: this.#loaded, version };
  }

  /** With the bundled models, or empty. */
  static async start({ empty = false, version = '0.33' }: LlamaBackendOptions = {}): Promise<LlamaBackend> {
    const backend = new LlamaBackend(version);
    if (!empty) await installBundled(backend.#store);
    return backend;
  }

  version = () => ({ version: fullVersion[this.#version] });
  status = () => ({ cloud: { disabled: false, source: 'none' } });
  tags = () => ({ models: this.#store.all.map((model) => tagsEntry(model, this.#version)) });
  ps = () => ({ models: this.#loaded.all.map((loaded) => psEntry(loaded, this.#version)) });
  show = ({ model, verbose = false }: ShowBody) => showModel(this.#store.require(model), verbose);

  async generate(body: GenerateBody, { signal }: Call): Promise<Answer> {
    checkLogprobs(body);
    const model = this.#modelFor(body.model);
    const { done } = generateLines(body.model);
    if (asksToUnload(body)) return { once: done({ reason: await this.#unload(model) }) };
    checkGenerate(body, model);
    if (isEmpty(body)) return { once: done({ reason: await this.#load(body, model, signal) }) };
    return { lines: generateRun(this.#engine, body, model, signal) };
  }

  async chat(body: ChatBody, { signal }: Call): Promise<Answer> {
    checkLogprobs(body);
    requireModel(body.model);
    const model = this.#modelFor(body.model);
    const { done } = chatLines(body.model);
    if (asksToUnload(body)) return { once: done({ reason: await this.#unload(model) }) };
    checkChat(body, model);
    if (isEmpty(body)) return { once: done({ reason: await this.#load(body, model, signal) }) };
    return { lines: chatRun(this.#engine, body, model, signal) };
  }

  embed(body: EmbedBody, { signal }: Call): Promise<JsonObject> {
    return embed(this.#engine, body, this.#find(body.model, notFound.embed), signal);
  }

  embeddings(body: EmbeddingsBody, { signal }: Call): Promise<JsonObject> {
    requireModel(body.model);
    return embedOne(this.#engine, body, this.#find(body.model, notFound.embed), signal);
  }

  async create(body: CreateBody): Promise<Answer> {
    return { lines: createModel(requireName(body.model), body, this.#store, (name) => this.#pull(name)) };
  }

  async pull(body: NameBody): Promise<Answer> {
    return { lines: this.#pull(requireName(body.model)) };
  }

  async push(body: NameBody): Promise<Answer> {
    if (body.model === '') throw new WireError(400, 'model is required');
    requireName(body.model);
    return { lines: pushModel(body, this.#store) };
  }

  copy = (body: CopyBody) => this.#store.copy(body);

  /** A loaded model stays loaded until its time is over, as on the server. */
  delete = (body: NameBody) => this.#store.delete(body);

  hasBlob = (digest: string) => this.#store.blobs.has(digest);
  addBlob = (digest: string, content: IncomingMessage) => this.#store.blobs.upload(digest, content);

  me = (): JsonObject => {
    throw new WireError(503, 'account unavailable');
  };
  signOut = (): JsonObject => {
    throw new WireError(401, 'you are not currently signed in');
  };
  webSearch = (): JsonObject => {
    throw offline('/api/web_search');
  };
  webFetch = (): JsonObject => {
    throw offline('/api/web_fetch');
  };
  recommendations = () => ({ recommendations: [] });

  /** Frees the models and removes the uploads. */
  async dispose(): Promise<void> {
    this.removeFiles();
    await this.#loaded.dispose();
  }

  /** For process exit, when nothing can be awaited. */
  removeFiles(): void {
    this.#store.dispose();
  }

  #pull(name: ModelName) {
    return pullModel(name, this.#store, (wanted) => bundledModel(wanted, this.#store));
  }

  #modelFor(text: string): StoredModel {
    if (/[:-]cloud$/i.test(text)) throw offline('/api/chat');
    return this.#find(text, notFound.plain);
  }

  #find(text: string, missing: (text: string) => WireError): StoredModel {
    const name = parseModelName(text);
    const model = name && this.#store.find(name);
    if (model === undefined) throw missing(text);
    return model;
  }

  async #unload(model: StoredModel) {
    await this.#loaded.unload(model);
    return 'unload';
  }

  async #load(body: GenerateBody | ChatBody, model: StoredModel, signal: AbortSignal) {
    await load(this.#engine, body, model, signal);
    return 'load';
  }
}

/** The server's response if a request to ollama.com finds no network. */
function offline(path: string): WireError {
  const url = `https://ollama.com:443${path}?ts=${Math.floor(Date.now() / 1000)}`;
  return new WireError(502, `Post "${url}": dial tcp: lookup ollama.com on 127.0.0.53:53: no such host`);
}
