import { type ServerAddress, serverAddresses } from '../servers/server-addresses.ts';
import { ConfigError } from './config-error.ts';
import type { ReadConfig } from './read-config.ts';

/**
 * The Ollama servers of the settings, with what each is given.
 *
 * @throws ConfigError if a key names none of them.
 */
export function serversIn({ config, hostFrom }: ReadConfig): [ServerAddress, ...ServerAddress[]] {
  const { host = '', apiKey = '' } = config;
  // Ollama's own variable has a single address.
  if (hostFrom === 'OLLAMA_HOST') return [{ name: undefined, host, apiKey }];
  try {
    return serverAddresses(host, apiKey);
  } catch (cause) {
    throw new ConfigError(`OLLAMA_API_KEY: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}
