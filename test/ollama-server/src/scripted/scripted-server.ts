import type { Socket } from 'node:net';
import type { RecordedRequest } from '../wire/recorded-request.ts';
import { WireServer } from '../wire/server.ts';
import type { OllamaVersion } from '../wire/version.ts';
import { RouteScripts } from './route-scripts.ts';
import { ScriptQueues } from './script-queues.ts';
import { type Says, ScriptedBackend } from './scripted-backend.ts';
import { defaultModels, type ScriptedModel } from './scripted-models.ts';

export interface ScriptedOptions {
  /** Installed models; one for chat, one that thinks and one for embeddings by default. */
  models?: readonly ScriptedModel[];
  port?: number;
  /** The version of Ollama it behaves as. @default '0.33' */
  version?: OllamaVersion;
  says?: Says;
}

interface Waiting {
  path: string | undefined;
  resolve: (request: RecordedRequest) => void;
}

/**
 * A server that says exactly what a test asks for. `server.chat(…)` and its like script the next answer of a route,
 * `server.always.chat(…)` every one from now on.
 */
export class ScriptedServer extends RouteScripts implements AsyncDisposable {
  readonly always: RouteScripts;
  /** Every request so far, in order of arrival. */
  readonly requests: RecordedRequest[] = [];
  readonly #scripts: ScriptQueues;
  readonly #backend: ScriptedBackend;
  readonly #waiting: Waiting[] = [];
  #wire!: WireServer;
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

  /** Connections open now. */
  get openSockets(): number {
    return this.#wire.sockets.size;
  }

  /** The sockets themselves, for a test that has to break one. */
  get sockets(): ReadonlySet<Socket> {
    return this.#wire.sockets;
  }

  /** One-shot scripts nobody has asked for yet. */
  get pendingScripts(): number {
    return this.#scripts.pending;
  }

  requestsTo(path: string): RecordedRequest[] {
    return this.requests.filter((request) => request.path === path);
  }

  /** The last request so far; throws where there is none. */
  get lastRequest(): RecordedRequest {
    const last = this.requests.at(-1);
    if (last === undefined) throw new Error('no request has come yet');
    return last;
  }

  /** The next request that arrives from now on, once its body is there. */
  nextRequest(path?: string): Promise<RecordedRequest> {
    return new Promise((resolve) => this.#waiting.push({ path, resolve }));
  }

  /** Resolves when every request so far has ended, one way or another. */
  async allClosed(): Promise<void> {
    await Promise.all(this.requests.map((request) => request.closed));
  }

  /** Forgets scripts and recorded requests. */
  reset(): void {
    this.#scripts.clear();
    this.requests.length = 0;
  }

  /** Closes the port, so the same address refuses connections. */
  async refuse(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    await this.#wire.close();
  }

  /** Listens again on the port that `refuse` gave back. */
  async accept(): Promise<void> {
    if (this.#isOpen) return;
    await this.#wire.open(this.port);
    this.#isOpen = true;
  }

  async close(): Promise<void> {
    await this.refuse();
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
