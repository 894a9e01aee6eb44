/**
 * `@ollama-toolbelt/core/fetch`: the client on the platform's fetch. In browsers, workers, Deno and Bun,
 * `@ollama-toolbelt/core` is this entry too. It reads no environment variables. A browser reaches an Ollama server of
 * another origin only if the server's OLLAMA_ORIGINS allows it.
 */
import { Ollama } from '../client.ts';
import { OllamaError } from '../errors/errors.ts';
import { readInput } from '../errors/unexpected.ts';
import { parseHost } from '../http/host.ts';
import { checkOptions, clientOptions, type KindsOf } from '../http/known-options.ts';
import type { ClientOptions } from '../options.ts';
import { sleep } from '../sleep.ts';
import { timer } from '../timer.ts';
import type { Fetch } from './http/fetch-answer.ts';
import { checkPlatform } from './http/platform-check.ts';
import { createFetchTransport } from './http/transport.ts';

export * from '../neutral.ts';
export type { Fetch } from './http/fetch-answer.ts';

/** Options that only this client has. */
export interface FetchOptions extends ClientOptions {
  /** Used instead of the platform's `fetch` for every request. @default the platform's */
  fetch?: Fetch | undefined;
}

const fetchOptions = {
  ...clientOptions,
  fetch: 'function',
} as const satisfies KindsOf<FetchOptions>;

/**
 * A client of the server at `host`. It has no connect deadline, since fetch cannot tell connecting from waiting.
 *
 * @throws OllamaError `bad_host` if the address cannot be read, `bad_request` for an unknown option, `unsupported` if
 * the platform lacks something the client needs.
 *
 * @example
 * ```ts
 * import { createOllama } from '@ollama-toolbelt/core/fetch';
 *
 * const ollama = createOllama({ host: 'http://127.0.0.1:11434' });
 * console.log((await ollama.version()).version); // 0.…
 * ```
 */
export function createOllama(options: FetchOptions = {}): Ollama {
  return readInput('The options of createOllama', () => create(options ?? {}));
}

function create(options: FetchOptions): Ollama {
  checkOptions(options, fetchOptions, 'createOllama');
  const { fetch, ...others } = options;
  checkPlatform(typeof fetch === 'function');
  if (typeof options.host === 'string' && parseHost(options.host).socketPath !== undefined) {
    throw new OllamaError("The platform's fetch cannot reach a Unix socket.", {
      code: 'bad_host',
      hint: 'On Node, use createOllama of @ollama-toolbelt/core/node, or give an http address.',
    });
  }
  return new Ollama({
    ...others,
    transport: createFetchTransport({ fetch }),
    sleep,
    timer,
    now: () => performance.now(),
  });
}
