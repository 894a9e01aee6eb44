import type { GenerateRequest, ProgressResponse } from './schemas/interfaces.ts';
import type { TransferProgress } from './wire/progress-meter.ts';

/** Deadlines in milliseconds; 0 or `Infinity` means none. Each one names itself in the error it raises. */
export interface Timeouts {
  /** Until the connection stands. @default 10000, where the transport can tell (`/node`) */
  connectMs?: number;
  /** From sending the request to the first byte of the answer; a model that has to load is silent here. @default 0 */
  firstByteMs?: number;
  /** Longest silence within an answer. @default 600000; 0 for create, pull and push, which verify in silence */
  idleMs?: number;
  /** The whole call. @default 0; 30000 for version, status, list, ps, show, copy, delete and blobs.has */
  totalMs?: number;
}

/** How a failed call is made again. It is never made again once a byte of the answer has come. */
export interface RetryOptions {
  /** Attempts after the first one. @default 2 */
  attempts?: number;
  /** Wait before the first of them, in milliseconds; it doubles each time. @default 250 */
  minDelayMs?: number;
  /** Longest of these waits, in milliseconds. @default 10000 */
  maxDelayMs?: number;
}

/** The value of a header; several are joined by ", ". `undefined` and `null` leave the header out. */
export type HeaderValue = string | number | boolean | readonly string[] | null | undefined;

/** Headers as an object, a `Headers`, a Map or a list of pairs. */
export type HeadersLike = Readonly<Record<string, HeaderValue>> | Iterable<readonly [string, HeaderValue]>;

/** What goes with one call. */
export interface CallOptions {
  /** Ends the call in every phase and closes its connection. The error is an `OllamaAbortError`. */
  signal?: AbortSignal | undefined;
  /** Deadlines of this call, in milliseconds; those that it leaves out are the client's. */
  timeouts?: Timeouts | undefined;
  /** How often and when a failed call is made again; `false` for never. Push, create, copy and delete never are. */
  retry?: RetryOptions | false | undefined;
  /** Headers of this call; they beat those of the client. */
  headers?: HeadersLike | undefined;
}

/** Options of the whole forms of pull, push and create. */
export interface TransferOptions extends CallOptions {
  /** Gets each line of progress as it comes, and how far all of it is. */
  onProgress?: ((line: ProgressResponse, overall: TransferProgress) => void) | undefined;
}

/** Options of `embed`. */
export interface EmbedOptions extends CallOptions {
  /** Most texts in one request. @default 32 */
  batchSize?: number | undefined;
  /** `false` leaves the cache of the client out of it, for texts that nobody asks for again. @default true */
  embedCache?: boolean | undefined;
}

/** A model to load, and how. */
export type LoadRequest = Pick<GenerateRequest, 'model' | 'keep_alive' | 'options'>;

/** Options of `createStream`. */
export interface CreateStreamOptions extends CallOptions {
  /** Folder that the paths of the Modelfile start from, in `/node`. @default the working directory */
  baseDir?: string | undefined;
}

/** Options of `create`. */
export interface CreateOptions extends CreateStreamOptions, TransferOptions {}

/** At most `calls` calls within any `periodMs` milliseconds. */
export interface RateLimit {
  /** Most calls within a period. */
  calls: number;
  /** Length of the period, in milliseconds. */
  periodMs: number;
}

/**
 * Where `embed` keeps vectors. A key is a text of any length: the digest of the model, the settings that change a vector, and
 * the text itself. To keep keys for long, keep their hashes.
 *
 * What it throws ends the call as `hook_failed`.
 */
export interface EmbeddingStore {
  /** The vectors of these keys, in their order; nothing for a key that is not there. */
  get(keys: readonly string[]): Promise<readonly (Vector | undefined)[]> | readonly (Vector | undefined)[];
  /** Keeps vectors; it may drop others to make room. */
  set(entries: readonly (readonly [key: string, vector: readonly number[]])[]): Promise<void> | void;
}

/** The numbers of a text. Those of `Float32Array` are rounded, those of `Float64Array` are as the server sent them. */
export type Vector = readonly number[] | Float32Array | Float64Array;

/** A cache of vectors in memory. */
export interface MemoryCacheOptions {
  /** Most bytes of it; what was not used for longest goes first. */
  maxBytes: number;
}

/** Options of every client. */
export interface ClientOptions {
  /** Address in any form OLLAMA_HOST takes. @default '127.0.0.1:11434' */
  host?: string | undefined;
  /** Sent as a bearer token to the host, and nowhere else. */
  apiKey?: string | undefined;
  /** Headers of every call. They beat credentials in the address, which beat the key. */
  headers?: HeadersLike | undefined;
  /** Defaults of the deadlines. */
  timeouts?: Timeouts | undefined;
  /** Defaults of the further attempts. */
  retry?: RetryOptions | false | undefined;
  /** Longest line of an answer, in bytes. @default 67108864 */
  maxLineBytes?: number | undefined;
  /**
   * Most calls that one model works on at a time; the others wait here, which costs no connection. The first call of a
   * model that is not loaded yet goes alone. 0 means no limit. @default none
   */
  concurrency?: number | undefined;
  /** Most calls of this client in a period; the others wait. @default none */
  rateLimit?: RateLimit | undefined;
  /**
   * Keeps the vectors of `embed` until their model changes: in memory, up to `maxBytes`, or in a store, such as the one on
   * disk of `/node`. @default none
   */
  embedCache?: MemoryCacheOptions | EmbeddingStore | undefined;
  /** Called when a request goes out. */
  onRequest?: RequestHooks['onRequest'] | undefined;
  /** Called when the head of an answer is there. */
  onResponse?: RequestHooks['onResponse'] | undefined;
}

/** What can be watched of each attempt: where it goes and when, never a body or a key. */
export interface RequestHooks {
  /** Called when a request goes out; `attempt` counts from 0. */
  onRequest?: ((event: { method: string; path: string; attempt: number }) => void) | undefined;
  /** Called when the head of an answer is there, `firstByteMs` milliseconds after the request went out. */
  onResponse?:
    | ((event: { method: string; path: string; attempt: number; status: number; firstByteMs: number }) => void)
    | undefined;
}
