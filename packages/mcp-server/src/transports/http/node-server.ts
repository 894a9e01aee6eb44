import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { type HttpAddress, inUrl } from './address.ts';
import { createGuard, type TokenCheck } from './guard.ts';
import { jsonError } from './json-rpc-error.ts';
import { toWebRequest, writeWebResponse } from './node-adapter.ts';
import { HttpService, MCP_PATH } from './service.ts';

/** Longer than proxies keep a connection without use, so that none of them sends into one that is just being closed. */
const KEEP_ALIVE_MS = 75_000;

export interface HttpServerOptions {
  address: HttpAddress;
  /** A server of the SDK for one request, or for one session. */
  createServer: () => Server;
  sessions: boolean;
  /** Further names that may stand in Host and Origin. */
  allow: readonly string[];
  token?: string | undefined;
  log?: ((line: string) => void) | undefined;
}

export interface HttpServer {
  url: string;
  /** Ends every call and every connection. */
  close(): Promise<void>;
}

/**
 * Serves MCP over HTTP until it is closed.
 *
 * @throws the error of the system when the address cannot be listened on.
 */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { address, token } = options;
  // Over stdio nobody needs these, and they would be a quarter of the time to start: as a module of its own `node:http`
  // brings Node's whole `fetch` along.
  const [{ createServer }, crypto] = await Promise.all([import('node:http'), import('node:crypto')]);
  const service = new HttpService({
    createServer: options.createServer,
    sessions: options.sessions,
    guard: createGuard({
      allow: [address.host, ...options.allow],
      allowHint: '--http-allow names further ones.',
      isToken: token === undefined ? undefined : tokenCheck(token, crypto),
    }),
    log: options.log,
  });
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, async (incoming, outgoing) => {
    try {
      await writeWebResponse(await service.handle(toWebRequest(incoming)), outgoing);
    } catch (error) {
      // A client that breaks off while it sends is no news; the rest is one too few checks above.
      if (outgoing.headersSent || incoming.destroyed) return void outgoing.destroy();
      if (!(error instanceof TypeError)) options.log?.(`${incoming.method}: ${String(error)}`);
      await writeWebResponse(jsonError(400, 'This request cannot be read.'), outgoing);
    }
  });
  server.listen(address.port, address.host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${inUrl({ host: address.host, port })}${MCP_PATH}`,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      await service.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Digests have equal lengths, which the comparison in constant time needs. */
function tokenCheck(
  token: string,
  { createHash, timingSafeEqual }: Pick<typeof import('node:crypto'), 'createHash' | 'timingSafeEqual'>,
): TokenCheck {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  const expected = digest(token);
  return (given) => timingSafeEqual(expected, digest(given));
}
