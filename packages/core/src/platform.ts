import type { References } from './modelfile/modelfile.ts';

/** One HTTP request. */
export interface TransportRequest {
  /** Method of HTTP. */
  method: 'GET' | 'HEAD' | 'POST' | 'DELETE';
  /** The whole address, to be sent as it is. */
  url: string;
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>;
  /** JSON text, or bytes for an upload. */
  body?: string | Uint8Array | AsyncIterable<Uint8Array>;
  /** Longest time for connecting, in milliseconds, for transports that can tell connecting from waiting; 0 is none. */
  connectMs: number;
}

export interface TransportResponse {
  /** Status of HTTP. */
  status: number;
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>;
  /** Leaving the iteration early closes the connection. */
  body: AsyncIterable<Uint8Array>;
}

/**
 * Sends a request and gives the answer's head as soon as it is there. Follows no redirect, has no deadline of its own
 * but `connectMs`, and closes the connection when the signal aborts, before the head as well as in the body. It rejects
 * with whatever it got; the client turns that into an `OllamaError`. `reusedSocket: true` on the error says that the
 * request went out on a connection that was kept from an earlier one.
 */
export type Transport = (request: TransportRequest, signal: AbortSignal) => Promise<TransportResponse>;

/** What a transport of this package needs of an AbortSignal; every AbortSignal is one. */
export interface SignalLike {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** Marks a transport that takes a `SignalLike` for its signal. */
const light = Symbol('takes a SignalLike');

/** A transport that needs less than an AbortSignal, which is expensive to create. */
export type LightTransport = (request: TransportRequest, signal: SignalLike) => Promise<TransportResponse>;

/** The same transport, marked as one that gets by with a `SignalLike`. */
export const lightTransport = (transport: LightTransport): Transport => Object.assign(transport, { [light]: true });

export const isLight = (transport: Transport): transport is LightTransport =>
  (transport as { [light]?: true } | undefined)?.[light] === true;

/**
 * Marks the iterator of a body that also gives its pieces by callback. Only for bodies that fail at once when their
 * signal aborts.
 */
export const pullPiece = Symbol('gives a piece by callback');

/** An iterator of a body that needs no promise for a piece. Only one piece is asked for at a time. */
export interface CallbackBody extends AsyncIterator<Uint8Array> {
  /** Calls back once: with the bytes that are here, all of them, or with the next that come; with nothing at the end. */
  [pullPiece](onPiece: (bytes: Uint8Array | undefined) => void, onFailure: (error: unknown) => void): void;
}

/** Resolves after `ms` milliseconds; rejects when the signal aborts, and leaves no timer behind. */
export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

/** Calls back after `ms` milliseconds, unless what it gives was called before. */
export type Timer = (ms: number, callback: () => void) => () => void;

/** A clock in milliseconds that never goes back, such as `performance.now`. */
export type Now = () => number;

/** A file to upload. Its methods reject with an `OllamaError` when the file has changed since it was found. */
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

/** What the references of a Modelfile stand for. */
export interface ResolvedReferences {
  /** A model of the server. */
  from?: string | undefined;
  files: readonly LocalFile[];
  adapters: readonly LocalFile[];
  draft_files: readonly LocalFile[];
}

/** Files of this machine, for platforms that can read them: `/node`. */
export interface LocalFiles {
  /** Paths are relative to `baseDir`, by default the working directory. */
  resolve(references: References, baseDir: string | undefined): Promise<ResolvedReferences>;
  open(path: string): Promise<LocalFile>;
}

/** What the platform provides; `@ollama-toolbelt/core/node` and `/fetch` fill it in. */
export interface Platform {
  transport: Transport;
  sleep: Sleep;
  now: Now;
  /** For deadlines: one is set for each call, and hardly ever goes off. @default made of `sleep`, which costs more */
  timer?: Timer;
  /** The bytes of a base64 text, where the platform is faster at it than `atob`. */
  fromBase64?: (text: string) => Uint8Array;
  /** Local files, for `create` and `blobs.upload`. */
  files?: LocalFiles;
  /** Ends the connections that are kept open. */
  close?: () => Promise<void>;
}
