import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Backend } from './backend.ts';
import type { Exchange } from './exchange.ts';
import { corsHeaders, isHostAllowed } from './gate.ts';
import { RecordedRequest } from './recorded-request.ts';
import { sendEmpty, sendError, sendText } from './reply.ts';
import { handlersOf } from './routes.ts';

export interface WireOptions {
  port?: number;
  /** Sees each request first; true means that it has responded. */
  intercept?: (exchange: Exchange) => Promise<boolean> | boolean;
  /** Called once the body has arrived, before any response. */
  onRequest?: (request: RecordedRequest) => void;
}

/** Ollama's HTTP server on 127.0.0.1, with an engine behind it. */
export class WireServer {
  /** `http://127.0.0.1:PORT`. */
  host = '';
  readonly sockets = new Set<Socket>();
  readonly #server = createServer({ keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0 });
  readonly #backend: Backend;
  readonly #options: WireOptions;
  readonly #connections = new WeakMap<Socket, number>();
  #connectionCount = 0;

  private constructor(backend: Backend, options: WireOptions) {
    this.#backend = backend;
    this.#options = options;
    this.#server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      this.#connections.set(socket, ++this.#connectionCount);
      socket.setNoDelay(true);
      socket.once('close', () => this.sockets.delete(socket));
    });
    this.#server.on('request', (incoming, response) => void this.#answer(incoming, response));
    // Ollama accepts an upload immediately, even if the client waits for a 100.
    this.#server.on('checkContinue', (incoming, response) => {
      response.writeContinue();
      void this.#answer(incoming, response);
    });
  }

  static async listen(backend: Backend, options: WireOptions = {}): Promise<WireServer> {
    const server = new WireServer(backend, options);
    await server.open(options.port ?? 0);
    return server;
  }

  get port(): number {
    return Number(new URL(this.host).port);
  }

  async open(port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, '127.0.0.1', () => {
        this.#server.off('error', reject);
        resolve();
      });
    });
    this.host = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Ends every connection and frees the port. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    const sockets = [...this.sockets].map(
      (socket) => new Promise<void>((resolve) => socket.once('close', () => resolve())),
    );
    for (const socket of this.sockets) socket.destroy();
    await Promise.all([closed, ...sockets]);
  }

  async #answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = new RecordedRequest(incoming, response, this.#connections.get(incoming.socket) ?? 0);
    const leaving = new AbortController();
    const exchange: Exchange = { request, incoming, response, signal: leaving.signal };
    response.once('close', () => {
      if (!response.writableFinished) leaving.abort(new Error('the client has left'));
    });
    incoming.on('error', () => undefined);
    response.on('error', () => undefined);
    // Go's server sends no Connection header on a connection that stays open.
    response.removeHeader('connection');
    try {
      if (!isUpload(request)) request.raw = await readBody(incoming);
      this.#options.onRequest?.(request);
      await this.#route(exchange);
    } catch (error) {
      if (response.destroyed) return;
      if (response.headersSent) response.destroy();
      else sendError(response, error);
    }
  }

  async #route(exchange: Exchange): Promise<void> {
    const { request, response, incoming } = exchange;
    const cors = corsHeaders(incoming);
    if (!isHostAllowed(incoming.headers.host) || cors === undefined) {
      incoming.resume();
      return sendEmpty(response, 403);
    }
    for (const [name, value] of Object.entries(cors)) response.setHeader(name, value);
    if (await this.#options.intercept?.(exchange)) return;
    const handlers = handlersOf(request.path);
    if (handlers === undefined) return sendText(response, 404, '404 page not found', 'text/plain');
    const handler = handlers[request.method];
    if (handler !== undefined) return await handler(exchange, this.#backend);
    response.setHeader('Allow', Object.keys(handlers).join(', '));
    if (request.method === 'OPTIONS' && incoming.headers.origin !== undefined) return sendEmpty(response, 204);
    sendText(response, 405, '405 method not allowed', 'text/plain');
  }
}

const isUpload = (request: RecordedRequest) => request.method === 'POST' && request.path.startsWith('/api/blobs/');

async function readBody(incoming: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
