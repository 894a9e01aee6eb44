import type { Socket } from 'node:net';
import { type HeldPort, holdPort } from '../wire/held-port.ts';
import type { RecordedRequest } from '../wire/recorded-request.ts';
import { WireServer } from '../wire/server.ts';
import type { OllamaVersion } from '../wire/version.ts';
import { RouteScripts } from './route-scripts.ts';
import { ScriptQueues } from './script-queues.ts';
import { type Says, ScriptedBackend } from './scripted-backend.ts';
import { defaultModels, type ScriptedModel } from './scripted-models.ts';

export interface ScriptedOptions {
  /** Installed models; by default one for chat, one that thinks and one for embeddings. */
  models?: readonly ScriptedModel[];
  port?: number;
  /** The version of Ollama it simulates. @default '0.33' */
  version?: OllamaVersion;
  says?: Says;
}

interface Waiting {
  path: string | undefined;
  resolve: (request: RecordedRequest) => void;
}

/**
 * A server that responds exactly as a test says. `server.chat(…)` and similar methods script the next response of a
 * route, `server.always.chat(…)` all later ones.
 */
export class ScriptedServer extends RouteScripts implements AsyncDisposable {
  readonly always: RouteScripts;
  /** Every request so far, in order of arrival. */
  readonly requests: RecordedRequest[] = [];
  readonly #scripts: ScriptQueues;
  readonly #backend: ScriptedBackend;
  readonly #waiting: Waiting[] = [];
  #wire!: WireServer;
  /** Its port, while it refuses connections. */
  #held: HeldPort | undefined;
  #isOpen = true;

  private constructor(options: ScriptedOptions) {
    const scripts = new ScriptQueues();
    super((route, script) => scripts.addOnce(route, script));
    this.always = new RouteScripts((route, script) => scripts.setAlways(route, script));
    this.#scripts = scripts;
    const { models = defaultModels(), version = '0.33', says } = options;
    this.#backend = new ScriptedBackend(models, { scripts, version, says });
  }

  static async start(options: ScriptedOptions = {}): Promise<ScriptedServer> {
    const server = new ScriptedServer(options);
    server.#wire = await WireServer.listen(server.#backend, {
      ...(options.port !== undefined && { port: options.port }),
      intercept: (exchange) => server.#scripts.intercept(exchange),
      onRequest: (request) => server.#note(request),
    });
    return server;
  }

  /** `http://127.0.0.1:PORT` */
  get host(): string {
    return this.#wire.host;
  }

  /** The same as `host`. */
  get url(): string {
    return this.host;
  }

  get port(): number {
    return this.#wire.port;
  }

  /** The installed models; a test may change the list. */
  get models(): ScriptedModel[] {
    return this.#backend.models;
  }

  /** Digests of the uploaded blobs. */
  get blobs(): Set<string> {
    return this.#backend.blobs;
  }

  /** Open connections. */
  get openSockets(): number {
    return this.#wire.sockets.size;
  }

  /** The sockets, for a test that has to break one. */
  get sockets(): ReadonlySet<Socket> {
    return this.#wire.sockets;
  }

  /** Unused one-shot scripts. */
  get pendingScripts(): number {
    return this.#scripts.pending;
  }

  requestsTo(path: string): RecordedRequest[] {
    return this.requests.filter((request) => request.path === path);
  }

  /** The latest request; throws if there is none. */
  get lastRequest(): RecordedRequest {
    const last = this.requests.at(-1);
    if (last === undefined) throw new Error('no request has come yet');
    return last;
  }

  /** The next request from now on, once its body has arrived. */
  nextRequest(path?: string): Promise<RecordedRequest> {
    return new Promise((resolve) => this.#waiting.push({ path, resolve }));
  }

  /** Resolves once all requests so far have ended in any way. */
  async allClosed(): Promise<void> {
    await Promise.all(this.requests.map((request) => request.closed));
  }

  /** Clears scripts and recorded requests. */
  reset(): void {
    this.#scripts.clear();
    this.requests.length = 0;
  }

  /** Closes the port, so the same address refuses connections. */
  async refuse(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#held = await holdPort(this.port, () => this.#wire.close());
  }

  /** Listens again on the port that `refuse` closed. */
  async accept(): Promise<void> {
    if (this.#isOpen) return;
    await this.#release();
    await this.#wire.open(this.port);
    this.#isOpen = true;
  }

  async close(): Promise<void> {
    await this.#release();
    if (!this.#isOpen) return;
    this.#isOpen = false;
    await this.#wire.close();
  }

  async #release(): Promise<void> {
    await this.#held?.release();
    this.#held = undefined;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #note(request: RecordedRequest): void {
    this.requests.push(request);
    for (const [index, waiting] of [...this.#waiting.entries()].reverse()) {
      if (waiting.path !== undefined && waiting.path !== request.path) continue;
      this.#waiting.splice(index, 1);
      waiting.resolve(request);
    }
  }
}
