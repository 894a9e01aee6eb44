import type { JsonObject } from '../wire/json.ts';
import { WireError } from '../wire/wire-error.ts';
import type { AnyScript, Route } from './script-queues.ts';
import type { AnswerScript, AnyReply, EmbedScript, ProgressScript, Script } from './scripts.ts';
import { JsonReply, RawReply } from './scripts.ts';

const isReply = (value: unknown): value is AnyReply =>
  value instanceof RawReply || value instanceof JsonReply || value instanceof WireError;

/** The scriptable routes by name: directly for the next response, and under `always` for all others. */
export class RouteScripts {
  readonly #add: (route: Route, script: AnyScript) => void;

  constructor(add: (route: Route, script: AnyScript) => void) {
    this.#add = add;
  }

  chat(script: Script<AnswerScript>): this {
    return this.#named('POST /api/chat', script, (answer) => ({ answer }));
  }

  generate(script: Script<AnswerScript>): this {
    return this.#named('POST /api/generate', script, (answer) => ({ answer }));
  }

  embed(script: Script<EmbedScript | readonly (readonly number[])[]>): this {
    return this.#named('POST /api/embed', script, (value) => ({
      embed: 'embeddings' in value ? value : { embeddings: value },
    }));
  }

  embeddings(script: Script<readonly number[]>): this {
    return this.#named('POST /api/embeddings', script, (vector) => ({ embed: { embeddings: [vector] } }));
  }

  pull(script: Script<ProgressScript>): this {
    return this.#named('POST /api/pull', script, (progress) => ({ progress }));
  }

  push(script: Script<ProgressScript>): this {
    return this.#named('POST /api/push', script, (progress) => ({ progress }));
  }

  create(script: Script<ProgressScript>): this {
    return this.#named('POST /api/create', script, (progress) => ({ progress }));
  }

  show(script: Script<JsonObject>): this {
    return this.#whole('POST /api/show', script);
  }

  tags(script: Script<JsonObject>): this {
    return this.#whole('GET /api/tags', script);
  }

  ps(script: Script<JsonObject>): this {
    return this.#whole('GET /api/ps', script);
  }

  version(script: Script<JsonObject>): this {
    return this.#whole('GET /api/version', script);
  }

  webSearch(script: Script<JsonObject>): this {
    return this.#whole('POST /api/experimental/web_search', script);
  }

  webFetch(script: Script<JsonObject>): this {
    return this.#whole('POST /api/experimental/web_fetch', script);
  }

  /** Any route, even one that Ollama does not have; `*` matches any request. */
  on(
    route: Route,
    script:
      | AnyReply
      | ((request: Parameters<Extract<AnyScript, (...args: never) => unknown>>[0]) => AnyReply | undefined),
  ): this {
    this.#add(route, script);
    return this;
  }

  #whole(route: Route, script: Script<JsonObject>): this {
    const reply = (value: JsonObject | AnyReply | undefined) =>
      value === undefined || isReply(value) ? value : new JsonReply(value);
    this.#add(route, (request) => reply(typeof script === 'function' ? script(request) : script));
    return this;
  }

  #named<T extends object>(
    route: Route,
    script: Script<T>,
    wrap: (value: T) => Exclude<AnyScript, (...args: never) => unknown>,
  ): this {
    const resolve = (value: T | AnyReply | undefined) => (value === undefined || isReply(value) ? value : wrap(value));
    this.#add(route, (request) => resolve(typeof script === 'function' ? script(request) : script));
    return this;
  }
}
