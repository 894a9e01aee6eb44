import { OllamaError } from '../errors/ollama-error.ts';
import { type Fetch, fetchAnswer } from '../fetch/http/fetch-answer.ts';
import { type ClientContext, DEFAULT_MAX_LINE_BYTES } from '../http/client-context.ts';
import { ClientHeaders } from '../http/client-headers.ts';
import { noLimits } from '../http/slot.ts';
import type { CallOptions, RetryOptions, Timeouts } from '../options.ts';
import type { Transport } from '../platform.ts';
import { timer } from '../timer.ts';
import { errorsWhenNeeded, failuresWhenNeeded, sleepWhenNeeded } from './when-needed.ts';

/** The address of the server, and the options of all calls of a connection. */
export interface ConnectOptions {
  /**
   * Address of the server: scheme, host, port if it is not the default one, and the path before `/api` if there is one.
   * For all forms of OLLAMA_HOST, pass the result of `parseHost`: `connect(parseHost(text))`. @default
   * 'http://127.0.0.1:11434'
   */
  url?: string | undefined;
  /** Authorization header, such as `Bearer …`. */
  authorization?: string | undefined;
  /** Headers of every call. */
  headers?: Readonly<Record<string, string>> | undefined;
  /** Deadlines of every call, in milliseconds. */
  timeouts?: Timeouts | undefined;
  /** How often and when a failed call is retried; `false` for never. */
  retry?: RetryOptions | false | undefined;
  /** Longest line of an answer, in bytes. @default 67108864 */
  maxLineBytes?: number | undefined;
  /** Used instead of the platform's `fetch` for every request. @default the platform's */
  fetch?: Fetch | undefined;
}

/** A server to call, created by `connect`. The functions take it as their first argument. */
export interface Connection {
  /** Address of the server. */
  readonly url: string;
}

/** The options of one call. */
export interface FunctionCallOptions extends CallOptions {
  /** Headers of this call; they override those of the connection. */
  headers?: Readonly<Record<string, string>> | undefined;
}

/**
 * Where the functions of this entry send their calls. It does not open a connection itself.
 *
 * @throws OllamaError `bad_host` for an address that is not a plain http or https one.
 *
 * @example
 * ```ts
 * import { chat, connect } from '@ollama-toolbelt/core/functions';
 *
 * const server = connect({ url: 'http://127.0.0.1:11434', timeouts: { totalMs: 60_000 } });
 * const { message } = await chat(server, { model: 'llama3.2', messages: [{ role: 'user', content: 'Hello!' }] });
 * console.log(message.content); // …
 * ```
 */
export function connect(options: ConnectOptions = {}): Connection {
  const {
    url = 'http://127.0.0.1:11434',
    authorization,
    headers,
    timeouts,
    retry,
    maxLineBytes,
    fetch: given,
  } = options;
  const plain = url.replace(/\/$/, '');
  // No credentials, which messages would show, and nothing that prevents appending a path.
  if (!/^https?:\/\/[^\s/?#@\\][^\s?#@\\]*$/.test(plain)) {
    throw new OllamaError('The address of the Ollama server is not a plain one.', {
      code: 'bad_host',
      hint: 'Give it like http://127.0.0.1:11434 or https://example.com/ollama, or give connect(parseHost(address)).',
    });
  }
  const clock = { timer, now: () => performance.now() };
  const transport: Transport = (request, signal) =>
    fetchAnswer(given ?? fetch, request, { signal, body: request.body as string });
  const client: ClientContext = {
    platform: { ...clock, transport, sleep: sleepWhenNeeded },
    clock,
    url: plain,
    headers: new ClientHeaders({ ...(authorization && { authorization }), ...headers }, plainHeaders),
    timeouts,
    retry,
    maxLineBytes: maxLineBytes ?? DEFAULT_MAX_LINE_BYTES,
    limits: noLimits,
    watch: undefined,
    errors: errorsWhenNeeded,
    failures: failuresWhenNeeded,
    readCall: (call) => call ?? {},
  };
  return client;
}

/** By the types, the headers of a call are an object of strings. */
const plainHeaders = (given: CallOptions['headers'] | null) => ({ ...(given as Record<string, string>) });
