import type { Socket } from 'node:net';
import type { buildConnector } from 'undici';

/** Whether an address is that of a SOCKS proxy. */
export const isSocks = (proxy: string): boolean => /^socks/i.test(proxy);

/**
 * Connects through a SOCKS5 proxy, which resolves the server's name. undici's own agent for this is experimental: it
 * waits five seconds for a proxy that has closed the connection, and prints a warning on stderr.
 */
export async function socksConnector(
  proxy: string,
  tls: buildConnector.BuildOptions,
  connectMs: number,
): Promise<buildConnector.connector> {
  const [{ SocksClient }, { buildConnector: build }] = await Promise.all([import('socks'), import('undici')]);
  const secure = build({ ...tls, timeout: connectMs });
  const { hostname, port, username, password } = new URL(proxy);
  const login = username === '' ? {} : { userId: decodeURIComponent(username), password: decodeURIComponent(password) };
  const open = async (host: string, hostPort: number): Promise<Socket> => {
    const { socket } = await SocksClient.createConnection({
      proxy: { host: bare(hostname), port: Number(port || 1080), type: 5, ...login },
      command: 'connect',
      destination: { host: bare(host), port: hostPort },
      ...(connectMs > 0 && { timeout: connectMs }),
      set_tcp_nodelay: true,
    });
    return socket;
  };
  return (target, callback) => {
    const isSecure = target.protocol === 'https:';
    open(target.hostname, Number(target.port || (isSecure ? 443 : 80))).then(
      (socket) => (isSecure ? secure({ ...target, httpSocket: socket }, callback) : callback(null, socket)),
      (error) => callback(socksFailure(error), null),
    );
  };
}

const bare = (host: string) => host.replace(/^\[|\]$/g, '');

/** The library's error contains the password of the proxy; its message says what the code does not. */
function socksFailure(error: unknown): Error {
  const words = error instanceof Error ? error.message : '';
  const code = /timed out/i.test(words)
    ? 'UND_ERR_CONNECT_TIMEOUT'
    : (/\b(E[A-Z]{4,})\b/.exec(words)?.[1] ?? (/authenticat/i.test(words) ? 'ERR_SOCKS_AUTHENTICATION' : 'ERR_SOCKS'));
  return Object.assign(new Error('the SOCKS proxy made no connection'), { code });
}
