import { newestProtocol, type Protocol } from '../server/protocols.ts';
import { stateKeyFor } from '../server/state-key.ts';
import type { HttpAddress } from '../transports/http/address.ts';
import { httpServers } from '../transports/http/http-servers.ts';
import type { HttpServerOptions } from '../transports/http/node-server.ts';
import { oauthIn } from './oauth-in.ts';
import type { Config, ReadConfig } from './read-config.ts';
import { optionsFor } from './server-options.ts';

export const protocolIn = ({ protocol }: Config): Protocol => (protocol === '2025-11-25' ? protocol : newestProtocol);

/** Options of the HTTP server from the settings. */
export function httpServerOptionsFor(
  read: ReadConfig,
  address: HttpAddress,
  log: ((line: string) => void) | undefined,
): HttpServerOptions {
  const { config } = read;
  const { httpSessions, httpAllow: allow, token } = config;
  const oauth = oauthIn(config);
  const servers = httpServers({
    // Without a log: the HTTP service already logs a line for each request.
    ...optionsFor(read, false),
    mode: httpSessions ? 'session' : 'stateless',
    protocol: protocolIn(config),
    stateKey: stateKeyFor({ token, oauth }),
  });
  return { address, ...servers, allow, token, oauth, log };
}
