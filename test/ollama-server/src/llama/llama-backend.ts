import type { IncomingMessage } from 'node:http';
import { createModel } from '../store/create-model.ts';
import { checkChat, checkGenerate, notFound, requireName } from '../store/model-checks.ts';
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
import { WireError } from '../wire/wire-error.ts';
import { bundledModel, installBundled } from './bundled-models.ts';
import { embed, embedOne } from './llama-embed.ts';
import { chatRun, generateRun, load } from './llama-run.ts';
import { LoadedModels } from './loaded-models.ts';

/** The engine that runs real models. */
export class LlamaBackend implements Backend {
  readonly #store = new ModelStore();
  readonly #loaded = new LoadedModels(this.#store);

  /** With the bundled models, or empty. */
  static async start({ empty = false } = {}): Promise<LlamaBackend> {
    const backend = new LlamaBackend();
    if (!empty) await installBundled(backend.#store);
    return backend;
  }

  version = () => ({ version: '0.33.0-rc2' });
  status = () => ({ cloud: { disabled: false, source: 'none' } });
  tags = () => ({ models: this.#store.all.map(tagsEntry) });
  ps = () => ({ models: this.#loaded.all.map(psEntry) });
  show = ({ model, verbose = false }: ShowBody) => showModel(this.#store.require(model), verbose);

  async generate(body: GenerateBody, { signal }: Call): Promise<Answer> {
    const model = this.#modelFor(body.model);
    checkGenerate(body, model);
    if (body.prompt || body.images?.length) return { lines: generateRun(this.#loaded, body, model, signal) };
    return { once: generateLines(body.model).done({ reason: await this.#loadOrUnload(body, model, signal) }) };
  }

  async chat(body: ChatBody, { signal }: Call): Promise<Answer> {
    if (body.model === '') throw new WireError(400, 'model is required');
    const model = this.#modelFor(body.model);
    checkChat(body, model);
    if (body.messages?.length) return { lines: chatRun(this.#loaded, body, model, signal) };
    return { once: chatLines(body.model).done({ reason: await this.#loadOrUnload(body, model, signal) }) };
  }

  embed(body: EmbedBody, { signal }: Call): Promise<JsonObject> {
    return embed(this.#loaded, body, this.#find(body.model, notFound.embed), signal);
  }

  embeddings(body: EmbeddingsBody, { signal }: Call): Promise<JsonObject> {
    if (body.model === '') throw new WireError(400, 'model is required');
    return embedOne(this.#loaded, body, this.#find(body.model, notFound.embed), signal);
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

  delete(body: NameBody): void {
    void this.#loaded.unload(this.#store.delete(body));
  }

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

  /** For the moment when the process ends and nothing can be waited for. */
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

  async #loadOrUnload(body: GenerateBody | ChatBody, model: StoredModel, signal: AbortSignal) {
    if (body.keep_alive === 0) {
      await this.#loaded.unload(model);
      return 'unload';
    }
    await load(this.#loaded, body, model, signal);
    return 'load';
  }
}

/** What the server says when a request for ollama.com finds no network. */
function offline(path: string): WireError {
  const url = `https://ollama.com:443${path}?ts=${Math.floor(Date.now() / 1000)}`;
  return new WireError(502, `Post "${url}": dial tcp: lookup ollama.com on 127.0.0.53:53: no such host`);
}
