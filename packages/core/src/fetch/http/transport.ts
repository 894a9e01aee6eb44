import type { Transport } from '../../platform.ts';
import { withFailureCode } from './failure-code.ts';
import { type Fetch, fetchAnswer } from './fetch-answer.ts';
import { noLimits } from './no-limits.ts';

export interface FetchTransportOptions {
  /** @default the platform's */
  fetch?: Fetch | undefined;
  /** Members of `RequestInit` that only this platform has. */
  settings?: object;
}

/** The transport for a `fetch`: browsers, workers, Deno, Bun. */
export function createFetchTransport({ fetch: given, settings }: FetchTransportOptions = {}): Transport {
  // Looked up on each call: programs, and tools that watch requests, may replace it.
  return async (request, signal) => {
    try {
      return await fetchAnswer(given ?? fetch, request, {
        // A `fetch` from the caller may come from another version of undici, whose dispatchers differ.
        ...(given === undefined && noLimits()),
        ...settings,
        signal,
        ...(request.body !== undefined && { body: bodyOf(request.body), duplex: 'half' }),
      } as RequestInit);
    } catch (error) {
      throw withFailureCode(error);
    }
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
