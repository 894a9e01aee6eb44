import type { Now, Sleep, Transport } from './transport.ts';

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

/** What goes with one call. */
export interface CallOptions {
  /** Ends the call in every phase and closes its connection. The error is an `OllamaAbortError`. */
  signal?: AbortSignal | undefined;
  timeouts?: Timeouts | undefined;
  /** Headers of this call; they beat those of the client. */
  headers?: Readonly<Record<string, string>> | undefined;
}

/** Options of every client. */
export interface ClientOptions {
  /** Address in any form OLLAMA_HOST takes. @default '127.0.0.1:11434' */
  host?: string | undefined;
  /** Sent as a bearer token to the host, and nowhere else. */
  apiKey?: string | undefined;
  /** Headers of every call. They beat credentials in the address, which beat the key. */
  headers?: Readonly<Record<string, string>> | undefined;
  /** Defaults of the deadlines. */
  timeouts?: Timeouts | undefined;
  /** Longest line of an answer, in bytes. @default 67108864 */
  maxLineBytes?: number | undefined;
}

/** What the platform provides; `@ollama-toolbelt/core/node` and `/fetch` fill it in. */
export interface Platform {
  transport: Transport;
  sleep: Sleep;
  now: Now;
  /** Ends the connections that are kept open. */
  close?: () => Promise<void>;
}
