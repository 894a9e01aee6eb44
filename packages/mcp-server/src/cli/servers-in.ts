import { type ServerAddress, serverAddresses } from '../servers/server-addresses.ts';
import { ConfigError } from './config-error.ts';
import type { ReadConfig } from './read-config.ts';

/**
 * The Ollama servers in the settings, with their keys.
 *
 * @throws ConfigError if a key names an unknown server.
 */
export function serversIn({ config, hostFrom }: ReadConfig): [ServerAddress, ...ServerAddress[]] {
  const { host = '', apiKey = '' } = config;
  // Ollama's own variable always has a single address.
  if (hostFrom === 'OLLAMA_HOST') return [{ name: undefined, host, apiKey }];
  try {
    return serverAddresses(host, apiKey);
  } catch (cause) {
    throw new ConfigError(`OLLAMA_API_KEY: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}
