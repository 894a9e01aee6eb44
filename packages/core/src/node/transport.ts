import type { Dispatcher } from 'undici';
import type { Transport } from '../transport.ts';
import { createDispatcher, type DispatcherOptions } from './dispatcher.ts';

/** The transport on undici's `request`, and the end of its connections. */
export interface NodeTransport {
  transport: Transport;
  close(): Promise<void>;
}

/**
 * Connections are kept and used again. undici's own deadlines are off, as the client has its own; it follows no
 * redirect.
 */
export function createNodeTransport(options: DispatcherOptions): NodeTransport {
  // One for each connect deadline in use, since undici sets it by dispatcher: nearly always a single one.
  const dispatchers = new Map<number, Promise<Dispatcher>>();
  let connections = 0;

  const dispatcherFor = (connectMs: number): Promise<Dispatcher> => {
    let dispatcher = dispatchers.get(connectMs);
    if (!dispatcher) {
      dispatcher = createDispatcher(options, connectMs, () => {
        connections += 1;
      });
      dispatchers.set(connectMs, dispatcher);
    }
    return dispatcher;
  };

  const transport: Transport = async (request, signal) => {
    const { request: send } = await import('undici');
    const dispatcher = await dispatcherFor(request.connectMs);
    signal.throwIfAborted();
    const connectionsBefore = connections;
    try {
      const response = await send(request.url, {
        method: request.method,
        headers: request.headers,
        body: (request.body ?? null) as Exclude<Dispatcher.RequestOptions['body'], undefined>,
        headersTimeout: 0,
        bodyTimeout: 0,
        signal,
        dispatcher,
      });
      return { status: response.statusCode, headers: flatten(response.headers), body: response.body };
    } catch (error) {
      // No connection was made for this request, so it went out on one that was kept, and that may have been closed.
      if (error instanceof Error && connections === connectionsBefore && connections > 0) {
        Object.assign(error, { reusedSocket: true });
      }
      throw error;
    }
  };

  return {
    transport,
    close: async () => {
      const open = [...dispatchers.values()];
      dispatchers.clear();
      await Promise.all(open.map(async (dispatcher) => (await dispatcher).close()));
    },
  };
}

/** A header that came several times is one list, as in HTTP. */
function flatten(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
}
