import type { Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import type { Dispatcher } from 'undici';
import type { LightTransport } from '../../platform.ts';
import { version } from '../../version.ts';
import { AnswerHandler } from './answer-handler.ts';
import { createDispatcher, type DispatcherOptions } from './dispatcher.ts';

/** Most connect deadlines that are kept at a time, each with its connections. */
const MAX_DISPATCHERS = 8;

const userAgent = `ollama-toolbelt/${version} (${runtime()})`;

function runtime(): string {
  const { bun, deno, node } = process.versions;
  return bun ? `bun ${bun}` : deno ? `deno ${deno}` : `node ${node}`;
}

/** The transport on undici, and the end of its connections. */
export interface NodeTransport {
  transport: LightTransport;
  close(): Promise<void>;
}

/**
 * Connections are kept and used again. undici's own deadlines are off, as the client has its own; it follows no
 * redirect.
 */
export function createNodeTransport(options: DispatcherOptions): NodeTransport {
  // One for each connect deadline in use, since undici sets it by dispatcher: nearly always a single one. The one that
  // was used last comes last.
  const dispatchers = new Map<number, Dispatcher | Promise<Dispatcher>>();
  /** Connections that are being made, and how many requests wait for one or for an answer. */
  const connecting = new Set<Socket>();
  let waiting = 0;
  let connections = 0;
  /** What broke connections that had answered before. */
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

  /** Its requests end as they would; its connections go once they are done. */
  const retire = (connectMs: number) => {
    const retired = dispatchers.get(connectMs);
    dispatchers.delete(connectMs);
    const end = async () => {
      const dispatcher = await retired;
      // Those that waited for it as well send their requests first.
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
    // Without a pause if it is there: it could be retired in it.
    const dispatcher = kept instanceof Promise ? await kept : kept;
    if (signal.aborted) throw signal.reason;
    const connectionsBefore = connections;
    const handler = new AnswerHandler(signal);
    waiting += 1;
    // The path begins after the scheme and the host; it is not parsed, so it goes out as it is.
    const start = request.url.indexOf('/', request.url.indexOf('://') + 3);
    try {
      // Throws at once if undici refuses the request, such as headers that belong to the connection to a proxy.
      dispatcher.dispatch(
        {
          origin: request.url.slice(0, start),
          path: request.url.slice(start),
          method: request.method,
          // One of the caller's own wins. Firewalls refuse requests without one.
          headers: { 'user-agent': userAgent, ...request.headers },
          body: (request.body ?? null) as Dispatcher.DispatchOptions['body'] & {},
          headersTimeout: 0,
          bodyTimeout: 0,
        },
        handler,
      );
      return await handler.head;
    } catch (error) {
      // Where no connection was made, the request went out on one that was kept, and that may have been closed. Others may
      // have been made meanwhile for other requests; then the connection itself tells, but for TLS, which begins with bytes.
      const madeNone = connections === connectionsBefore && connections > 0;
      const isPlain = request.url.startsWith('http:');
      if (error instanceof Error && (madeNone || (isPlain && (breaks.has(error) || hadAnswered(error))))) {
        Object.assign(error, { reusedSocket: true });
      }
      throw error;
    } finally {
      waiting -= 1;
      // Nobody is left who could use them.
      if (signal.aborted && waiting === 0) for (const socket of connecting) socket.destroy(new Error('not needed'));
    }
  };

  return {
    transport,
    close: async () => {
      const open = [...dispatchers.values()];
      dispatchers.clear();
      // One that was never made has nothing to close.
      const made = await Promise.all(
        open.map(async (dispatcher) => Promise.resolve(dispatcher).catch(() => undefined)),
      );
      await Promise.all(made.map((dispatcher) => dispatcher?.close()));
    },
  };
}

/** undici's own errors about a connection tell how much had come over it. */
function hadAnswered(error: Error): boolean {
  const { socket } = error as { socket?: { bytesRead?: number } | null };
  return (socket?.bytesRead ?? 0) > 0;
}
