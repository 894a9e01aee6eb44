import type { CopyBody, NameBody } from '../wire/bodies.ts';
import type { OllamaVersion } from '../wire/version.ts';
import { WireError } from '../wire/wire-error.ts';
import { BlobStore } from './blob-store.ts';
import { notFound } from './model-checks.ts';
import { type ModelName, nameKey, parseModelName, shortName } from './model-name.ts';
import type { StoredModel } from './stored-model.ts';

/** The installed models, in memory, and their blobs. */
export class ModelStore {
  readonly blobs = new BlobStore();
  readonly version: OllamaVersion;
  readonly #models = new Map<string, StoredModel>();

  constructor(version: OllamaVersion) {
    this.version = version;
  }

  /** Sorted by second, newest first, like the server; within a second in order of creation. */
  get all(): StoredModel[] {
    const second = (model: StoredModel) => Math.floor(Date.parse(model.modifiedAt) / 1000);
    return [...this.#models.values()].sort((a, b) => second(b) - second(a));
  }

  find(name: ModelName | string): StoredModel | undefined {
    const parsed = typeof name === 'string' ? parseModelName(name) : name;
    return parsed && this.#models.get(nameKey(parsed));
  }

  put(model: StoredModel): void {
    const key = nameKey(model.name);
    this.#models.delete(key);
    this.#models.set(key, model);
  }

  /** Whether the bytes of a layer exist already, uploaded or as part of a model. */
  hasLayer(digest: string): boolean {
    return this.blobs.has(digest) || this.all.some(({ layers }) => layers.some((layer) => layer.digest === digest));
  }

  copy({ source, destination }: CopyBody): void {
    const from = parseModelName(source);
    if (from === undefined) throw new WireError(400, `source "${source}" is invalid`);
    const to = parseModelName(destination);
    if (to === undefined) throw new WireError(400, `destination "${destination}" is invalid`);
    const model = this.find(from);
    if (model === undefined) throw notFound.copy(source);
    this.put(model.renamed(to));
  }

  delete({ model: text }: NameBody): void {
    if (text === '') throw new WireError(400, 'model is required');
    const name = parseModelName(text);
    if (name === undefined) throw new WireError(400, `name "${text}" is invalid`);
    const model = this.find(name);
    if (model === undefined) throw notFound.plain(text);
    this.#models.delete(nameKey(name));
  }

  /** Show looks up the name in its listed form, and reports that form if it is missing. */
  require(text: string): StoredModel {
    if (text === '') throw new WireError(400, 'model is required');
    const name = parseModelName(text);
    if (name === undefined) throw new WireError(400, 'invalid model name');
    const model = this.find(name);
    if (model === undefined) throw notFound.plain(this.version === '0.24' ? text : shortName(name));
    return model;
  }

  dispose(): void {
    this.blobs.dispose();
  }
}
