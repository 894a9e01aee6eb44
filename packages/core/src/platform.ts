/** One HTTP request. `body` is JSON text, or bytes for an upload. */
export interface TransportRequest {
  method: 'GET' | 'HEAD' | 'POST' | 'DELETE';
  url: string;
  headers: Readonly<Record<string, string>>;
  body?: string | Uint8Array | AsyncIterable<Uint8Array>;
  /** Longest time for connecting, in milliseconds, for transports that can tell connecting from waiting; 0 is none. */
  connectMs: number;
}

export interface TransportResponse {
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

/** Resolves after `ms` milliseconds; rejects when the signal aborts, and leaves no timer behind. */
export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

/** A clock in milliseconds that never goes back, such as `performance.now`. */
export type Now = () => number;
