import type { TransportRequest, TransportResponse } from '../../platform.ts';
import { headersOf, readBody } from './read-body.ts';

/** What fetches; the platform's own `fetch` is one. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** One request through a `fetch`; `init` holds its signal, its body, and what else is to be set. */
export async function fetchAnswer(
  fetch: Fetch,
  { method, url, headers }: TransportRequest,
  init: RequestInit,
): Promise<TransportResponse> {
  const response = await fetch(url, { ...init, method, headers: { ...headers }, redirect: 'manual' });
  return {
    // A browser hides a redirect behind an answer without a status.
    status: response.type === 'opaqueredirect' ? 302 : response.status,
    headers: headersOf(response),
    body: readBody(response),
  };
}
