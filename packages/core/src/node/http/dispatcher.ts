import type { Socket } from 'node:net';
import type { Dispatcher } from 'undici';
import { isSocks, socksConnector } from './socks.ts';

/** How to open connections. */
export interface DispatcherOptions {
  /** Connect to this Unix socket for everything. */
  socketPath?: string | undefined;
  /** Address of the proxy. */
  proxy?: string | undefined;
  /** Certificates to trust in addition to the usual ones, as PEM text. */
  ca?: string | readonly string[] | undefined;
  /** Accept any certificate. */
  insecure?: boolean | undefined;
  /** Most connections to the server at a time. */
  connections?: number | undefined;
}

/**
 * `connecting` gets the socket of each new connection as soon as undici starts it; not for connections through a proxy.
 * It returns a function that is called when the connection is open or has failed.
 */
export async function createDispatcher(
  options: DispatcherOptions,
  connectMs: number,
  connecting: (socket: Socket) => () => void,
): Promise<Dispatcher> {
  // Loaded on the first call: a program that only imports the client does not pay for it.
  const { Agent, buildConnector, Pool, ProxyAgent } = await import('undici');
  const tls = {
    ...(options.ca !== undefined && { ca: await withUsualCertificates(options.ca) }),
    ...(options.insecure === true && { rejectUnauthorized: false }),
  };
  const pool = options.connections === undefined ? {} : { connections: options.connections };
  if (options.proxy !== undefined && isSocks(options.proxy)) {
    return new Agent({ ...pool, connect: await socksConnector(options.proxy, tls, connectMs) });
  }
  if (options.proxy !== undefined) {
    return new ProxyAgent({
      // undici ignores the limit if it opens no tunnel.
      factory: (origin, own) => new Pool(origin, { ...own, ...pool }),
      uri: options.proxy,
      // Plain http goes through a proxy without a tunnel, as with curl: few proxies open tunnels to port 11434.
      proxyTunnel: false,
      proxyTls: { timeout: connectMs },
      requestTls: { ...tls, timeout: connectMs },
    });
  }
  const connect = buildConnector({
    ...tls,
    timeout: connectMs,
    ...(options.socketPath !== undefined && { socketPath: options.socketPath }),
  });
  return new Agent({
    ...pool,
    connect: (target, callback) => {
      let over = () => {};
      // undici's connector returns the socket, although its types do not say so.
      const socket: unknown = connect(target, (...result) => {
        over();
        callback(...result);
      });
      over = connecting(socket as Socket);
    },
  });
}

/** Node replaces its own list with `ca`. Somebody who adds one certificate does not expect that. */
async function withUsualCertificates(ca: string | readonly string[]): Promise<string[]> {
  const { rootCertificates } = await import('node:tls');
  return [...rootCertificates, ...(typeof ca === 'string' ? [ca] : ca)];
}
