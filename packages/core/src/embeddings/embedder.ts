import { asOllamaError, readInput } from '../errors/unexpected.ts';
import { type Calls, modelOf } from '../http/call.ts';
import { checkRequest } from '../http/check-request.ts';
import { readEmbedOptions } from '../http/known-options.ts';
import { MultiRequestCall } from '../http/multi-request-call.ts';
import type { CallOptions, ClientOptions, EmbedOptions } from '../options.ts';
import type { EmbedRequest, EmbedResponse, ListResponse } from '../schemas/interfaces.ts';
import { canonicalModel } from '../wire/model-name.ts';
import { routes } from '../wire/routes.ts';
import { embedAll } from './embed-batches.ts';
import { EmbeddingCache } from './embedding-cache.ts';

/** Embeds any number of texts, as one call to its caller: in batches, and only those that the cache does not know. */
export class Embedder {
  readonly #calls: Calls;
  readonly #cache: EmbeddingCache | undefined;

  constructor(calls: Calls, cache: ClientOptions['embedCache']) {
    this.#calls = calls;
    const digestOf = (model: string, call: CallOptions) => this.#digestOf(model, call);
    const isOff = cache === undefined || cache === null || (cache as unknown) === false;
    this.#cache = isOff ? undefined : new EmbeddingCache(cache, digestOf);
  }

  /** All requests of one call share its total deadline. */
  async embed(request: EmbedRequest, options: EmbedOptions): Promise<EmbedResponse> {
    const { batchSize, embedCache, ...call } = readEmbedOptions(options);
    const isOneText = readInput('The request', () => {
      checkRequest(request);
      return !Array.isArray(request.input) || request.input.length < 2;
    });
    const cache = embedCache === false ? undefined : this.#cache;
    const send = (batch: EmbedRequest, own: CallOptions) => this.#calls.whole<EmbedResponse>(routes.embed, batch, own);
    const isOneRequest = cache === undefined && isOneText;
    if (isOneRequest) return embedAll(request, (batch) => send(batch, call));
    const whole = new MultiRequestCall(this.#calls.client, routes.embed, modelOf(request), call);
    try {
      const openCache = () => cache?.open(request, { ...call, signal: whole.signal });
      return await embedAll(request, (batch) => send(batch, whole.part()), { batchSize, openCache });
    } catch (error) {
      throw asOllamaError(whole.failure(error));
    } finally {
      whole.end();
    }
  }

  async #digestOf(model: string, call: CallOptions): Promise<string | undefined> {
    const { models } = await this.#calls.whole<ListResponse>(routes.list, undefined, call);
    return models.find(({ name }) => canonicalModel(name) === canonicalModel(model))?.digest;
  }
}
