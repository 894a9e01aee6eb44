import type { Transport } from '../../platform.ts';
import { withFailureCode } from './failure-code.ts';
import { noLimits } from './no-limits.ts';
import { headersOf, readBody } from './read-body.ts';

/** What fetches; the platform's own `fetch` is one. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export interface FetchTransportOptions {
  /** @default the platform's */
  fetch?: Fetch | undefined;
  /** Members of `RequestInit` that only this platform knows. */
  settings?: object;
}

/** The transport on a `fetch`: browsers, workers, Deno, Bun. */
export function createFetchTransport({ fetch: given, settings }: FetchTransportOptions = {}): Transport {
  return async (request, signal) => {
    let response: Response;
    try {
      // Looked up for each call: a program may replace it, and so do tools that watch requests.
      response = await (given ?? fetch)(request.url, {
        // One that was given may be of another version of undici, whose dispatchers differ.
        ...(given === undefined && noLimits()),
        ...settings,
        method: request.method,
        headers: { ...request.headers },
        redirect: 'manual',
        signal,
        ...(request.body !== undefined && { body: bodyOf(request.body), duplex: 'half' }),
      } as RequestInit);
    } catch (error) {
      throw withFailureCode(error);
    }
    return {
      // A browser hides a redirect behind an answer without a status.
      status: response.type === 'opaqueredirect' ? 302 : response.status,
      headers: headersOf(response),
      body: readBody(response),
    };
  };
}

function bodyOf(body: string | Uint8Array | AsyncIterable<Uint8Array>): BodyInit {
  if (typeof body === 'string') return body;
  if (body instanceof Uint8Array) return body as Uint8Array<ArrayBuffer>;
  const chunks = body[Symbol.asyncIterator]();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await chunks.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      await chunks.return?.();
    },
  });
}
