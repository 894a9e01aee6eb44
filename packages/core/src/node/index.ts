/**
 * `@ollama-toolbelt/core/node`: the client on Node, with undici below it and the environment as its default settings.
 */
import { Ollama } from '../client.ts';
import { parseHost } from '../host.ts';
import type { ClientOptions } from '../options.ts';
import { sleep } from '../sleep.ts';
import { createNodeTransport } from './transport.ts';

export * from '../index.ts';

/**
 * A client of the server at `host`; what is not given comes from the environment: OLLAMA_HOST and OLLAMA_API_KEY, then
 * 127.0.0.1:11434.
 *
 * @throws OllamaError `bad_host` when the address cannot be read.
 */
export function createOllama(options: ClientOptions = {}): Ollama {
  const host = options.host ?? (process.env['OLLAMA_HOST']?.trim() || undefined);
  const { transport, close } = createNodeTransport({ socketPath: host && parseHost(host).socketPath });
  return new Ollama({
    ...options,
    host,
    apiKey: options.apiKey ?? process.env['OLLAMA_API_KEY'],
    transport,
    close,
    sleep,
    now: () => performance.now(),
  });
}
