import type { Agent, Dispatcher } from 'undici';
import type { Transport } from '../transport.ts';

/** The transport on undici's `request`, and the end of its connections. */
export interface NodeTransport {
  transport: Transport;
  close(): Promise<void>;
}

/**
 * Connections are kept and used again. undici's own deadlines are off, as the client has its own; its redirects are off
 * by default. `socketPath` sends everything to a Unix socket.
 */
export function createNodeTransport(options: { socketPath?: string | undefined } = {}): NodeTransport {
  // One agent for each connect deadline in use, since undici sets it by agent: nearly always a single one.
  const agents = new Map<number, Agent>();

  const transport: Transport = async (request, signal) => {
    // Loaded at the first call: a program that only imports the client does not pay for it.
    const undici = await import('undici');
    signal.throwIfAborted();
    let agent = agents.get(request.connectMs);
    if (!agent) {
      agent = new undici.Agent({
        headersTimeout: 0,
        bodyTimeout: 0,
        connect: { timeout: request.connectMs, ...(options.socketPath && { socketPath: options.socketPath }) },
      });
      agents.set(request.connectMs, agent);
    }
    const response = await undici.request(request.url, {
      method: request.method,
      headers: request.headers,
      body: (request.body ?? null) as Exclude<Dispatcher.RequestOptions['body'], undefined>,
      signal,
      dispatcher: agent,
    });
    return { status: response.statusCode, headers: flatten(response.headers), body: response.body };
  };

  return {
    transport,
    close: async () => {
      const open = [...agents.values()];
      agents.clear();
      await Promise.all(open.map((agent) => agent.close()));
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
