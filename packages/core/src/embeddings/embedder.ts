import { asOllamaError, readInput } from '../errors/unexpected.ts';
import type { Calls } from '../http/call.ts';
import { checkRequest } from '../http/check-request.ts';
import { readEmbedOptions } from '../http/known-options.ts';
import { MultiRequestCall } from '../http/multi-request-call.ts';
import { modelOf } from '../http/outgoing.ts';
import type { CallOptions, ClientOptions, EmbedOptions } from '../options.ts';
import type { EmbedRequest, EmbedResponse, ListResponse } from '../schemas/interfaces.ts';
import { fromBase64 } from '../wire/base64.ts';
import { canonicalModel } from '../wire/model-name.ts';
import type { Route } from '../wire/route.ts';
import { routes } from '../wire/routes.ts';
import { embedAll } from './embed-batches.ts';
import { EmbeddingCache } from './embedding-cache.ts';
import { type EmbedFloat32Request, type EmbedFloat32Response, float32Answer, notForBytes } from './float32.ts';

/** Embeds any number of texts in what looks like one call: in batches, and only texts that are not in the cache. */
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
    // All fields of the server's object are in it.
    if (isOneRequest) return (await embedAll<number[]>(request, (batch) => send(batch, call))) as EmbedResponse;
    return this.#asOneCall(routes.embed, request, call, async (whole) => {
      const openCache = () => cache?.open(request, { ...call, signal: whole.signal });
      const sendPart = (batch: EmbedRequest) => send(batch, whole.part());
      return (await embedAll<number[]>(request, sendPart, { batchSize, openCache })) as EmbedResponse;
    });
  }

  /** The same as bytes, through the route that returns them. */
  async embedFloat32(request: EmbedFloat32Request, options: EmbedOptions): Promise<EmbedFloat32Response> {
    const { batchSize, embedCache: _, ...call } = readEmbedOptions(options);
    const { fromBase64: decode = fromBase64 } = this.#calls.client.platform;
    readInput('The request', () => {
      checkRequest(request);
      const beyond = Object.keys(request).find((name) => !['model', 'input', 'dimensions'].includes(name));
      if (beyond !== undefined) throw notForBytes(beyond);
    });
    return this.#asOneCall(routes.embedBytes, request, call, (whole) =>
      embedAll(
        request,
        async (batch) => {
          const asked = { ...batch, encoding_format: 'base64' };
          return float32Answer(await this.#calls.whole(routes.embedBytes, asked, whole.part()), decode);
        },
        { batchSize },
      ),
    );
  }

  async #asOneCall<T>(
    route: Route,
    request: { model: string },
    call: CallOptions,
    work: (whole: MultiRequestCall) => Promise<T>,
  ): Promise<T> {
    const whole = new MultiRequestCall(this.#calls.client, route, modelOf(request), call);
    try {
      return await work(whole);
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
