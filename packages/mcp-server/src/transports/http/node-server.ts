import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { isLoopback } from '@ollama-toolbelt/core/neutral';
import { type HttpAddress, inUrl } from './address.ts';
import { createGuard } from './guard.ts';
import { jsonError } from './json-rpc-error.ts';
import { toWebRequest, writeWebResponse } from './node-adapter.ts';
import { namesOf } from './oauth/oauth-options.ts';
import { HttpService, type HttpServiceOptions, MCP_PATH } from './service.ts';

/** Longer than proxies keep idle connections, so no proxy uses one while it is being closed here. */
const KEEP_ALIVE_MS = 75_000;

export interface HttpServerOptions extends Omit<HttpServiceOptions, 'guard'> {
  address: HttpAddress;
  /** Additional names allowed in Host and Origin. */
  allow: readonly string[];
}

export interface HttpServer {
  url: string;
  /** Ends every call and every connection. */
  close(): Promise<void>;
}

/**
 * Serves MCP over HTTP until it is closed.
 *
 * @throws the system error if the server cannot listen on the address.
 */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { address, allow, ...rest } = options;
  // Not needed over stdio, and `node:http` loads all of Node's `fetch`, which takes a quarter of the start time.
  const { createServer } = await import('node:http');
  const service = new HttpService({
    ...rest,
    guard: createGuard({
      allow: [address.host, ...allow, ...namesOf(rest.oauth)],
      allowHint: '--http-allow names further ones.',
    }),
  });
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, async (incoming, outgoing) => {
    try {
      await writeWebResponse(await service.handle(toWebRequest(incoming)), outgoing);
    } catch (error) {
      // A client may disconnect while it sends. Any other error means that a check is missing above.
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

/**
 * Serves over HTTP until the signal aborts. Then every running call is cancelled, which closes its connection to Ollama.
 *
 * @returns the exit code of the process.
 */
export async function serveHttp(
  options: HttpServerOptions,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<number> {
  const { address, token, oauth } = options;
  if (token === undefined && oauth === undefined && !isLoopback(address.host)) {
    say(
      `${address.host} can be reached from other machines: set OLLAMA_MCP_TOKEN, which clients then have to send, or --oauth-issuer and --oauth-audience.`,
    );
    return 2;
  }
  try {
    const server = await startHttpServer(options);
    say(`listening at ${server.url}`);
    if (!signal.aborted) await once(signal, 'abort');
    await server.close();
    return 0;
  } catch (error) {
    say(`Cannot listen at ${inUrl(address)}: ${error instanceof Error ? error.message : String(error)}.`);
    return 1;
  }
}
