/**
 * `@ollama-toolbelt/core/fetch`: the client on the platform's fetch, for browsers, workers, Deno and Bun. It reads no
 * environment. A browser reaches an Ollama server of another origin only if the server's OLLAMA_ORIGINS allows it.
 */
import { Ollama } from '../client.ts';
import { OllamaError } from '../errors/errors.ts';
import { parseHost } from '../http/host.ts';
import type { ClientOptions } from '../options.ts';
import { sleep } from '../sleep.ts';
import { fetchTransport } from './transport.ts';

export * from '../index.ts';

/**
 * A client of the server at `host`. The connect deadline is not applied: fetch cannot tell connecting from waiting.
 *
 * @throws OllamaError `bad_host` when the address cannot be read.
 */
export function createOllama(options: ClientOptions = {}): Ollama {
  if (options.host !== undefined && parseHost(options.host).socketPath !== undefined) {
    throw new OllamaError("The platform's fetch cannot reach a Unix socket.", {
      code: 'bad_host',
      hint: 'On Node, use createOllama of @ollama-toolbelt/core/node, or give an http address.',
    });
  }
  return new Ollama({ ...options, transport: fetchTransport, sleep, now: () => performance.now() });
}
