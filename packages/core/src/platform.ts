import type { References } from './modelfile/modelfile.ts';

/** One HTTP request. */
export interface TransportRequest {
  /** HTTP method. */
  method: 'GET' | 'HEAD' | 'POST' | 'DELETE';
  /** The complete address, to be sent unchanged. */
  url: string;
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>;
  /** JSON text, or bytes for an upload. */
  body?: string | Uint8Array | AsyncIterable<Uint8Array>;
  /**
   * Maximum time for connecting, in milliseconds, for transports that can tell connecting from waiting; 0 means none.
   */
  connectMs: number;
}

export interface TransportResponse {
  /** HTTP status. */
  status: number;
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>;
  /** Leaving the iteration early closes the connection. */
  body: AsyncIterable<Uint8Array>;
}

/**
 * Sends a request and returns the response as soon as its headers arrive. It follows no redirect, has no deadline of
 * its own except `connectMs`, and closes the connection when the signal aborts, before the headers as well as in the
 * body. It may reject with anything; the client turns that into an `OllamaError`. `reusedSocket: true` on the error
 * says that the request used a pooled connection.
 */
export type Transport = (request: TransportRequest, signal: AbortSignal) => Promise<TransportResponse>;

/** The part of an AbortSignal that this package's transports need; every AbortSignal has it. */
export interface SignalLike {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** Marks a transport that accepts a `SignalLike` as its signal. */
const light = Symbol('takes a SignalLike');

/** A transport that does not need a real AbortSignal, which is expensive to create. */
export type LightTransport = (request: TransportRequest, signal: SignalLike) => Promise<TransportResponse>;

/** The same transport, marked as one that accepts a `SignalLike`. */
export const lightTransport = (transport: LightTransport): Transport => Object.assign(transport, { [light]: true });

export const isLight = (transport: Transport): transport is LightTransport =>
  (transport as { [light]?: true } | undefined)?.[light] === true;

/**
 * Marks the iterator of a body that can also deliver its pieces by callback. Only for bodies that fail immediately when
 * their signal aborts.
 */
export const pullPiece = Symbol('gives a piece by callback');

/** An iterator of a body that needs no promise per piece. Ask for one piece at a time. */
export interface CallbackBody extends AsyncIterator<Uint8Array> {
  /** Calls back once: with all bytes that have arrived, or with the next ones; with undefined at the end. */
  [pullPiece](onPiece: (bytes: Uint8Array | undefined) => void, onFailure: (error: unknown) => void): void;
}

/** Resolves after `ms` milliseconds; rejects when the signal aborts, and leaves no timer behind. */
export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

/** Calls back after `ms` milliseconds, unless the returned function was called before. */
export type Timer = (ms: number, callback: () => void) => () => void;

/** A clock in milliseconds that never goes back, such as `performance.now`. */
export type Now = () => number;

/** A file to upload. Its methods reject with an `OllamaError` if the file has changed since it was found. */
export interface LocalFile {
  /** Name for the server: relative, with "/". */
  name: string;
  /** In bytes. */
  size: number;
  /** SHA-256 as `sha256:<hex>`; `onBytes` gets the size of each piece that is read. */
  digest(signal: AbortSignal, onBytes: (count: number) => void): Promise<string>;
  /** The content, piece by piece if it may be large. */
  read(): Uint8Array | AsyncIterable<Uint8Array>;
}

/** What the references of a Modelfile point to. */
export interface ResolvedReferences {
  /** A model on the server. */
  from?: string | undefined;
  files: readonly LocalFile[];
  adapters: readonly LocalFile[];
  draft_files: readonly LocalFile[];
}

/** Local files, for platforms that can read them: `/node`. */
export interface LocalFiles {
  /** Paths are relative to `baseDir`, by default the working directory. */
  resolve(references: References, baseDir: string | undefined): Promise<ResolvedReferences>;
  open(path: string): Promise<LocalFile>;
}

/** What the platform provides; `@ollama-toolbelt/core/node` and `/fetch` supply it. */
export interface Platform {
  transport: Transport;
  sleep: Sleep;
  now: Now;
  /** For deadlines: one is set per call, and it rarely fires. @default made from `sleep`, which costs more */
  timer?: Timer;
  /** The bytes of a base64 text, for platforms that decode it faster than `atob`. */
  fromBase64?: (text: string) => Uint8Array;
  /** Local files, for `create` and `blobs.upload`. */
  files?: LocalFiles;
  /** Closes the pooled connections. */
  close?: () => Promise<void>;
}
