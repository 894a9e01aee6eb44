import type { TransportRequest, TransportResponse } from '../../platform.ts';
import { headersOf, readBody } from './read-body.ts';

/** Any function that works like the platform's `fetch`. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** One request through a `fetch`; `init` holds its signal, its body and any other settings. */
export async function fetchAnswer(
  fetch: Fetch,
  { method, url, headers }: TransportRequest,
  init: RequestInit,
): Promise<TransportResponse> {
  const response = await fetch(url, { ...init, method, headers: { ...headers }, redirect: 'manual' });
  return {
    // A browser hides a redirect behind a response without a status.
    status: response.type === 'opaqueredirect' ? 302 : response.status,
    headers: headersOf(response),
    body: readBody(response),
  };
}
