import type { GenerateRequest, ProgressResponse } from './schemas/interfaces.ts';
import type { TransferProgress } from './wire/progress-meter.ts';

/** Deadlines in milliseconds; 0 or `Infinity` means none. Each one names itself in the error it raises. */
export interface Timeouts {
  /** Until the connection is open. @default 10000, if the transport can tell (`/node`) */
  connectMs?: number | undefined;
  /**
   * From sending the request to the first byte of the response, which includes the time to load the model. @default 0
   */
  firstByteMs?: number | undefined;
  /**
   * Longest silence within a response. @default 600000; 0 for create, pull and push, which send nothing while they
   * verify
   */
  idleMs?: number | undefined;
  /** The whole call. @default 0; 30000 for version, status, list, ps, show, copy, delete and blobs.has */
  totalMs?: number | undefined;
}

/** How a failed call is retried. It is never retried after the first byte of the response. */
export interface RetryOptions {
  /** Attempts after the first one. @default 2 */
  attempts?: number | undefined;
  /** Wait before the first retry, in milliseconds; it doubles each time. @default 250 */
  minDelayMs?: number | undefined;
  /** Longest of these waits, in milliseconds. @default 10000 */
  maxDelayMs?: number | undefined;
}

/** The value of a header; several are joined by ", ". `undefined` and `null` omit the header. */
export type HeaderValue = string | number | boolean | readonly string[] | null | undefined;

/** Headers as an object, a `Headers`, a Map or a list of pairs. */
export type HeadersLike = Readonly<Record<string, HeaderValue>> | Iterable<readonly [string, HeaderValue]>;

/** The options of one call. */
export interface CallOptions {
  /** Cancels the call in any phase and closes its connection. The error is an `OllamaAbortError`. */
  signal?: AbortSignal | undefined;
  /** Deadlines of this call, in milliseconds; missing ones are those of the client. */
  timeouts?: Timeouts | undefined;
  /**
   * How often and when a failed call is retried; `false` for never. Push, create, copy and delete are never retried.
   */
  retry?: RetryOptions | false | undefined;
  /** Headers of this call; they override those of the client. */
  headers?: HeadersLike | undefined;
}

/** Options of pull, push and create without `Stream`. */
export interface TransferOptions extends CallOptions {
  /** Gets each progress line as it comes, with the overall progress. */
  onProgress?: ((line: ProgressResponse, overall: TransferProgress) => void) | undefined;
}

/** Options of `embed`. */
export interface EmbedOptions extends CallOptions {
  /** Most texts in one request. @default 32 */
  batchSize?: number | undefined;
  /** `false` bypasses the client's cache, for texts that are not needed again. @default true */
  embedCache?: boolean | undefined;
}

/** A model to load, and how. */
export type LoadRequest = Pick<GenerateRequest, 'model' | 'keep_alive' | 'options'>;

/** Options of `createStream`. */
export interface CreateStreamOptions extends CallOptions {
  /** Base folder for the paths in the Modelfile, in `/node`. @default the working directory */
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
 * Where `embed` stores vectors. A key is a text of any length: the digest of the model, the settings that affect a
 * vector, and the text itself. To store keys for long, store their hashes.
 *
 * An error it throws ends the call with `hook_failed`.
 */
export interface EmbeddingStore {
  /** The vectors of these keys, in order; undefined for a key that is not stored. */
  get(keys: readonly string[]): Promise<readonly (Vector | undefined)[]> | readonly (Vector | undefined)[];
  /** Stores vectors; it may drop others to make room. */
  set(entries: readonly (readonly [key: string, vector: readonly number[]])[]): Promise<void> | void;
}

/** The numbers of a text. A `Float32Array` rounds them, a `Float64Array` keeps them as the server sent them. */
export type Vector = readonly number[] | Float32Array | Float64Array;

/** A cache of vectors in memory. */
export interface MemoryCacheOptions {
  /** Maximum size in bytes; the least recently used vectors are dropped first. */
  maxBytes: number;
}

/** Options of every client. */
export interface ClientOptions {
  /** Address in any form OLLAMA_HOST takes. @default '127.0.0.1:11434' */
  host?: string | undefined;
  /** Sent as a bearer token to the host, and nowhere else. */
  apiKey?: string | undefined;
  /** Headers of every call. They override credentials in the address, which override the key. */
  headers?: HeadersLike | undefined;
  /** Default deadlines. */
  timeouts?: Timeouts | undefined;
  /** Default retries. */
  retry?: RetryOptions | false | undefined;
  /** Maximum length of a line of a response, in bytes. @default 67108864 */
  maxLineBytes?: number | undefined;
  /**
   * Most calls of one model at a time; the others wait here, which costs no connection. The first call of a model that
   * is not loaded yet runs alone. 0 means no limit. @default none
   */
  concurrency?: number | undefined;
  /** Most calls of this client in a period; the others wait. @default none */
  rateLimit?: RateLimit | undefined;
  /**
   * Caches the vectors of `embed` until their model changes: in memory, up to `maxBytes`, or in a store, such as the
   * one on disk in `/node`. @default none
   */
  embedCache?: MemoryCacheOptions | EmbeddingStore | undefined;
  /** Called when a request is sent. */
  onRequest?: RequestHooks['onRequest'] | undefined;
  /** Called when the response headers arrive. */
  onResponse?: RequestHooks['onResponse'] | undefined;
}

/** Events of each attempt: where it goes and when, never a body or a key. */
export interface RequestHooks {
  /** Called when a request is sent; `attempt` counts from 0. */
  onRequest?: ((event: { method: string; path: string; attempt: number }) => void) | undefined;
  /** Called when the response headers arrive, `firstByteMs` milliseconds after the request was sent. */
  onResponse?:
    | ((event: { method: string; path: string; attempt: number; status: number; firstByteMs: number }) => void)
    | undefined;
}
