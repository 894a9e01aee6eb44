import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { checkChat, checkGenerate, inputsOf, notFound, requireName } from '../store/model-checks.ts';
import { nameKey, parseModelName, shortName } from '../store/model-name.ts';
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
import { bagOfWords, countWords } from './bag-of-words.ts';
import { defaultAnswer } from './default-answer.ts';
import type { ScriptQueues } from './script-queues.ts';
import { answerLines, progressLines } from './scripted-lines.ts';
import { psEntry, type ScriptedModel, scriptedModel, showAnswer, tagsEntry } from './scripted-models.ts';

/** Answers what the scripts say; without one, plausible fixed answers about a list of models. */
export class ScriptedBackend implements Backend {
  readonly models: ScriptedModel[];
  readonly blobs = new Set<string>();
  readonly #loaded = new Map<string, number>();
  readonly #scripts: ScriptQueues;

  constructor(models: readonly ScriptedModel[], scripts: ScriptQueues) {
    this.models = [...models];
    this.#scripts = scripts;
  }

  version = () => ({ version: '0.33.0' });
  status = () => ({ cloud: { disabled: false, source: 'none' } });
  tags = () => ({ models: this.models.map(tagsEntry) });
  ps = () => ({
    models: this.models
      .filter(({ name }) => this.#loaded.has(name))
      .map((model) => psEntry(model, new Date(this.#loaded.get(model.name)!).toISOString())),
  });
  me = () => ({ id: '00000000-0000-4000-8000-000000000000', email: 'user@example.com', name: 'user' });
  signOut = () => null;
  webSearch = () => ({ results: [{ title: 'Example', url: 'https://example.com/', content: 'An example page.' }] });
  webFetch = () => ({ title: 'Example', content: 'An example page.', links: ['https://example.com/more'] });
  recommendations = () => ({ recommendations: [{ model: 'chat-model', description: 'A model to start with.' }] });

  show({ model }: ShowBody): JsonObject {
    if (model === '') throw new WireError(400, 'model is required');
    const name = requireName(model);
    return showAnswer(this.find(model) ?? fail(notFound.plain(shortName(name))));
  }

  async generate(body: GenerateBody, call: Call): Promise<Answer> {
    const { answer } = this.#scripts.taken(call.request);
    const lines = generateLines(body.model);
    if (answer !== undefined) return { lines: answerLines(answer, lines, call.signal) };
    const model = this.find(body.model) ?? fail(notFound.plain(body.model));
    checkGenerate(body, model);
    if (!body.prompt && !body.images?.length)
      return { once: lines.done({ reason: this.#keep(model, body.keep_alive) }) };
    this.#keep(model, body.keep_alive);
    return { lines: answerLines({ context: [1, 2, 3], ...defaultAnswer(body, model) }, lines, call.signal) };
  }

  async chat(body: ChatBody, call: Call): Promise<Answer> {
    const { answer } = this.#scripts.taken(call.request);
    const lines = chatLines(body.model);
    if (answer !== undefined) return { lines: answerLines(answer, lines, call.signal) };
    if (body.model === '') throw new WireError(400, 'model is required');
    const model = this.find(body.model) ?? fail(notFound.plain(body.model));
    checkChat(body, model);
    const reason = this.#keep(model, body.keep_alive);
    if (!body.messages?.length) return { once: lines.done({ reason }) };
    return { lines: answerLines(defaultAnswer(body, model), lines, call.signal) };
  }

  async embed(body: EmbedBody, call: Call): Promise<JsonObject> {
    const { embed } = this.#scripts.taken(call.request);
    const inputs = inputsOf(body.input);
    if (embed === undefined) this.#embeddingModel(body);
    const embeddings = embed?.embeddings ?? inputs.map((text) => bagOfWords(text, body.dimensions));
    const tokens = embed?.promptTokens ?? inputs.reduce((sum, text) => sum + countWords(text), 0);
    const counts = tokens > 0 ? { total_duration: 5_000_000, load_duration: 1_000_000, prompt_eval_count: tokens } : {};
    return { model: body.model, embeddings, ...counts };
  }

  async embeddings(body: EmbeddingsBody, call: Call): Promise<JsonObject> {
    const { embed } = this.#scripts.taken(call.request);
    if (embed !== undefined) return { embedding: embed.embeddings[0] ?? [] };
    if (body.model === '') throw new WireError(400, 'model is required');
    this.#embeddingModel(body);
    return { embedding: body.prompt ? bagOfWords(body.prompt) : [] };
  }

  async create(body: CreateBody, call: Call): Promise<Answer> {
    const { progress } = this.#scripts.taken(call.request);
    if (progress !== undefined) return { lines: progressLines(progress, call.signal) };
    const name = requireName(body.model);
    const from = body.from === undefined ? undefined : this.find(body.from);
    const missing = body.from === undefined && body.files === undefined;
    const system = body.system === undefined ? {} : { system: body.system };
    if (!missing) this.#add({ ...(from ?? scriptedModel({ name: 'new' })), ...system, name: shortName(name) });
    const steps = ['using existing layer sha256:0', 'writing manifest', 'success'];
    const lines = progressLines(steps, call.signal);
    return { lines: missing ? failing(new WireError(400, "neither 'from' or 'files' was specified")) : lines };
  }

  async pull(body: NameBody, call: Call): Promise<Answer> {
    const { progress } = this.#scripts.taken(call.request);
    if (progress !== undefined) return { lines: progressLines(progress, call.signal) };
    const name = shortName(requireName(body.model));
    const model = this.find(body.model) ?? scriptedModel({ name });
    this.#add(model);
    const digest = `sha256:${'ab'.repeat(32)}`;
    const layer = (completed?: number) => ({
      status: `pulling ${'ab'.repeat(6)}`,
      digest,
      total: model.size,
      ...(completed && { completed }),
    });
    const progressOf = ['pulling manifest', layer(), layer(model.size / 2), layer(model.size)];
    const steps = [...progressOf, 'verifying sha256 digest', 'writing manifest', 'success'];
    return { lines: progressLines(steps, call.signal) };
  }

  async push(body: NameBody, call: Call): Promise<Answer> {
    const { progress } = this.#scripts.taken(call.request);
    if (progress !== undefined) return { lines: progressLines(progress, call.signal) };
    if (body.model === '') throw new WireError(400, 'model is required');
    const steps = ['retrieving manifest', 'pushing manifest', 'success'];
    return { lines: progressLines(steps, call.signal) };
  }

  copy({ source, destination }: CopyBody): void {
    if (parseModelName(source) === undefined) throw new WireError(400, `source "${source}" is invalid`);
    const name = parseModelName(destination);
    if (name === undefined) throw new WireError(400, `destination "${destination}" is invalid`);
    this.#add({ ...(this.find(source) ?? fail(notFound.copy(source))), name: shortName(name) });
  }

  delete({ model }: NameBody): void {
    if (model === '') throw new WireError(400, 'model is required');
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

  find(text: string): ScriptedModel | undefined {
    const name = parseModelName(text);
    return name && this.models.find((model) => nameKey(parseModelName(model.name)!) === nameKey(name));
  }

  #embeddingModel(body: { model: string; keep_alive?: number }): void {
    const model = this.find(body.model) ?? fail(notFound.embed(body.model));
    if (!model.capabilities.includes('embedding')) {
      throw new WireError(501, 'This server does not support embeddings. Start it with `--embeddings`');
    }
    this.#keep(model, body.keep_alive);
  }

  #add(model: ScriptedModel): void {
    const old = this.find(model.name);
    if (old !== undefined) this.models.splice(this.models.indexOf(old), 1);
    this.models.push(model);
  }

  #keep(model: ScriptedModel, keepAlive = 300_000): 'load' | 'unload' {
    if (keepAlive === 0) this.#loaded.delete(model.name);
    else this.#loaded.set(model.name, Date.now() + Math.min(keepAlive, 100 * 365 * 86_400_000));
    return keepAlive === 0 ? 'unload' : 'load';
  }
}

const fail = (error: WireError): never => {
  throw error;
};

// biome-ignore lint/correctness/useYield: an answer that is nothing but an error
async function* failing(error: WireError): AsyncGenerator<JsonObject> {
  throw error;
}
