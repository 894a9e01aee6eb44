import { OllamaError } from '../errors/errors.ts';
import { hookFailed } from '../errors/hook-failure.ts';
import type { CallOptions, ClientOptions, EmbeddingStore, Vector } from '../options.ts';
import type { EmbedRequest } from '../schemas/interfaces.ts';
import { requestBody } from '../wire/request-body.ts';
import { routes } from '../wire/routes.ts';
import { MemoryStore } from './memory-store.ts';

type DigestOf = (model: string, call: CallOptions) => Promise<string | undefined>;

/** The vectors of one model for one set of settings. */
export interface CachedVectors {
  /** In the order of the texts; undefined for a text that is not cached. */
  get(texts: readonly string[]): Promise<(number[] | undefined)[]>;
  set(texts: readonly string[], vectors: readonly (readonly number[])[]): Promise<void>;
}

/**
 * Stores vectors under their text, every field that affects the vector, and the model's digest, so a model that was
 * pulled again gets new ones.
 */
export class EmbeddingCache {
  readonly #store: EmbeddingStore;
  readonly #digestOf: DigestOf;

  /** `digestOf` runs on each call: it is cheap compared with an embedding, and never stale. */
  constructor(option: NonNullable<ClientOptions['embedCache']>, digestOf: DigestOf) {
    this.#store = storeOf(option);
    this.#digestOf = digestOf;
  }

  /** The vectors for a request like this one; undefined if the server does not report the model's digest. */
  async open(request: EmbedRequest, call: CallOptions): Promise<CachedVectors | undefined> {
    const digest = await this.#digestOf(request.model, call);
    if (digest === undefined) return undefined;
    const { model: _, input: __, keep_alive: ___, ...settings } = request;
    // In the form that is sent: what cannot be sent is rejected, even if all vectors are known.
    const prefix = `${digest} ${requestBody(routes.embed, settings)} `;
    const store = this.#store;
    return {
      get: (texts) =>
        ofStore(async () => {
          const found = await store.get(texts.map((text) => prefix + text));
          return texts.map((_, index) => {
            const vector = found[index];
            return vector && copyOf(vector);
          });
        }),
      set: (texts, vectors) =>
        ofStore(async () => {
          await store.set(texts.map((text, index) => [prefix + text, vectors[index] as readonly number[]]));
        }),
    };
  }
}

function storeOf(option: NonNullable<ClientOptions['embedCache']>): EmbeddingStore {
  if (typeof option === 'object') {
    if ('get' in option && typeof option.get === 'function' && typeof option.set === 'function') return option;
    if ('maxBytes' in option && typeof option.maxBytes === 'number') return new MemoryStore(option.maxBytes);
  }
  throw new OllamaError('embedCache of createOllama has a value of the wrong type.', {
    code: 'bad_request',
    option: 'embedCache',
    hint: 'embedCache takes { maxBytes } for a cache in memory, or a store with get and set.',
  });
}

/** A copy that the caller may change. `Array.from` takes ten times as long. */
function copyOf(vector: Vector): number[] {
  const copy = new Array<number>(vector.length);
  for (let index = 0; index < vector.length; index++) copy[index] = vector[index] as number;
  return copy;
}

/** @throws OllamaError `hook_failed` for anything a store throws. */
async function ofStore<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw cause instanceof OllamaError ? cause : hookFailed('embedCache', cause);
  }
}
