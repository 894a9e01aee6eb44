import type { Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import type { Dispatcher } from 'undici';
import type { LightTransport } from '../../platform.ts';
import { version } from '../../version.ts';
import { AnswerHandler } from './answer-handler.ts';
import { createDispatcher, type DispatcherOptions } from './dispatcher.ts';

/** How many connect deadlines, each with its connections, are kept at a time. */
const MAX_DISPATCHERS = 8;

const userAgent = `ollama-toolbelt/${version} (${runtime()})`;

function runtime(): string {
  const { bun, deno, node } = process.versions;
  return bun ? `bun ${bun}` : deno ? `deno ${deno}` : `node ${node}`;
}

/** The transport on undici, and how to close its connections. */
export interface NodeTransport {
  transport: LightTransport;
  close(): Promise<void>;
}

/**
 * Connections are pooled. undici's own deadlines are off, since the client has its own. It does not follow redirects.
 */
export function createNodeTransport(options: DispatcherOptions): NodeTransport {
  // One per connect deadline in use, since undici sets it per dispatcher; nearly always just one. Least recently used
  // first.
  const dispatchers = new Map<number, Dispatcher | Promise<Dispatcher>>();
  /** Connections that are being opened, and how many requests wait for one or for a response. */
  const connecting = new Set<Socket>();
  let waiting = 0;
  let connections = 0;
  /** The errors that broke connections after an earlier response. */
  const breaks = new WeakSet<Error>();

  const makeDispatcher = async (connectMs: number): Promise<Dispatcher> => {
    const making = createDispatcher(options, connectMs, (socket) => {
      connections += 1;
      connecting.add(socket);
      socket.once('error', (error) => {
        if (socket.bytesRead > 0) breaks.add(error);
      });
      return () => connecting.delete(socket);
    });
    dispatchers.set(connectMs, making);
    const [oldest] = dispatchers.keys();
    if (dispatchers.size > MAX_DISPATCHERS && oldest !== undefined) retire(oldest);
    try {
      const dispatcher = await making;
      if (dispatchers.get(connectMs) === making) dispatchers.set(connectMs, dispatcher);
      return dispatcher;
    } catch (error) {
      // The next call tries again.
      if (dispatchers.get(connectMs) === making) dispatchers.delete(connectMs);
      throw error;
    }
  };

  /** Its requests finish normally; its connections close once they are done. */
  const retire = (connectMs: number) => {
    const retired = dispatchers.get(connectMs);
    dispatchers.delete(connectMs);
    const end = async () => {
      const dispatcher = await retired;
      // Other calls that waited for it send their requests first.
      await setImmediate();
      await dispatcher?.close();
    };
    end().catch(() => {});
  };

  const dispatcherFor = (connectMs: number): Dispatcher | Promise<Dispatcher> => {
    const kept = dispatchers.get(connectMs);
    if (kept === undefined) return makeDispatcher(connectMs);
    if (dispatchers.size > 1) {
      dispatchers.delete(connectMs);
      dispatchers.set(connectMs, kept);
    }
    return kept;
  };

  const transport: LightTransport = async (request, signal) => {
    const kept = dispatcherFor(request.connectMs);
    // No await if it is loaded: it could be retired during one.
    const dispatcher = kept instanceof Promise ? await kept : kept;
    if (signal.aborted) throw signal.reason;
    const connectionsBefore = connections;
    const handler = new AnswerHandler(signal);
    waiting += 1;
    // The path starts after the scheme and the host. It is not parsed, so it is sent unchanged.
    const start = request.url.indexOf('/', request.url.indexOf('://') + 3);
    try {
      // Throws at once if undici rejects the request, for example because of headers that belong to the proxy
      // connection.
      dispatcher.dispatch(
        {
          origin: request.url.slice(0, start),
          path: request.url.slice(start),
          method: request.method,
          // The caller's own header wins. Firewalls reject requests without one.
          headers: { 'user-agent': userAgent, ...request.headers },
          body: (request.body ?? null) as Dispatcher.DispatchOptions['body'] & {},
          headersTimeout: 0,
          bodyTimeout: 0,
        },
        handler,
      );
      return await handler.head;
    } catch (error) {
      // If no connection was opened, the request used a pooled one, which the server may have closed. Other requests
      // may have opened connections in the meantime; then the connection itself shows it, except with TLS, which starts
      // with bytes.
      const madeNone = connections === connectionsBefore && connections > 0;
      const isPlain = request.url.startsWith('http:');
      if (error instanceof Error && (madeNone || (isPlain && (breaks.has(error) || hadAnswered(error))))) {
        Object.assign(error, { reusedSocket: true });
      }
      throw error;
    } finally {
      waiting -= 1;
      // Nobody is left to use them.
      if (signal.aborted && waiting === 0) for (const socket of connecting) socket.destroy(new Error('not needed'));
    }
  };

  return {
    transport,
    close: async () => {
      const open = [...dispatchers.values()];
      dispatchers.clear();
      // A connection that was never opened needs no closing.
      const made = await Promise.all(
        open.map(async (dispatcher) => Promise.resolve(dispatcher).catch(() => undefined)),
      );
      await Promise.all(made.map((dispatcher) => dispatcher?.close()));
    },
  };
}

/** undici's own errors about a connection say how many bytes it had received. */
function hadAnswered(error: Error): boolean {
  const { socket } = error as { socket?: { bytesRead?: number } | null };
  return (socket?.bytesRead ?? 0) > 0;
}
