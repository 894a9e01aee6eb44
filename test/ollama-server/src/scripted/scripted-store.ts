import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { checkQuantization, checkTemplate, noSuchBlob, uploadedFile } from '../store/create-checks.ts';
import { notFound, requireName } from '../store/model-checks.ts';
import { type ModelName, nameKey, parseModelName, shortName } from '../store/model-name.ts';
import { checkReachable, noManifest } from '../store/transfers.ts';
import type { CopyBody, CreateBody, NameBody } from '../wire/bodies.ts';
import type { JsonObject } from '../wire/json.ts';
import { WireError } from '../wire/wire-error.ts';
import { createdFrom, type ScriptedModel, scriptedModel } from './scripted-models.ts';

/** The list of models, and the operations that change it; simulates a registry that has every model. */
export class ScriptedStore {
  readonly models: ScriptedModel[];
  readonly blobs = new Set<string>();

  constructor(models: readonly ScriptedModel[]) {
    this.models = [...models];
  }

  find(text: ModelName | string): ScriptedModel | undefined {
    const name = typeof text === 'string' ? parseModelName(text) : text;
    return name && this.models.find((model) => nameKey(parseModelName(model.name)!) === nameKey(name));
  }

  /** The model of that name, or the route's error for a missing one. */
  require(text: string, missing: (text: string) => WireError): ScriptedModel {
    const model = this.find(text);
    if (model === undefined) throw missing(text);
    return model;
  }

  async *create(name: ModelName, body: CreateBody): AsyncGenerator<JsonObject> {
    const source = uploadedFile(body);
    if (source !== undefined) {
      yield { status: 'parsing GGUF' };
      if (!this.blobs.has(source)) throw noSuchBlob(source);
    }
    // A base that is not installed comes from the registry, which has everything.
    const from = source === undefined ? this.find(requireName(body.from!)) : undefined;
    if (body.quantize) checkQuantization(body.quantize);
    if (body.template !== undefined) checkTemplate(body.template);
    this.#add(createdFrom(from ?? scriptedModel({ name: 'new', licenses: [], parameters: {} }), body, shortName(name)));
    yield { status: `using existing layer sha256:${'0'.repeat(64)}` };
    yield { status: 'writing manifest' };
    yield { status: 'success' };
  }

  async *pull(name: ModelName): AsyncGenerator<JsonObject> {
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

  async *push(name: ModelName): AsyncGenerator<JsonObject> {
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
    this.#add({ ...this.require(source, notFound.copy), name: shortName(name) });
  }

  delete({ model }: NameBody): void {
    if (model === '') throw new WireError(400, 'model is required');
    if (parseModelName(model) === undefined) throw new WireError(400, `name "${model}" is invalid`);
    const found = this.require(model, notFound.plain);
    this.models.splice(this.models.indexOf(found), 1);
  }

  async addBlob(digest: string, content: IncomingMessage): Promise<void> {
    const hash = createHash('sha256');
    for await (const part of content) hash.update(part as Buffer);
    const got = `sha256:${hash.digest('hex')}`;
    if (got !== digest) throw new WireError(400, `digest mismatch, expected "${digest}", got "${got}"`);
    this.blobs.add(digest);
  }

  #add(model: ScriptedModel): void {
    const old = this.find(model.name);
    if (old !== undefined) this.models.splice(this.models.indexOf(old), 1);
    this.models.push(model);
  }
}
