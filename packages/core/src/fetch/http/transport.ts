import type { Transport } from '../../platform.ts';
import { withFailureCode } from './failure-code.ts';
import { type Fetch, fetchAnswer } from './fetch-answer.ts';
import { noLimits } from './no-limits.ts';

export interface FetchTransportOptions {
  /** @default the platform's */
  fetch?: Fetch | undefined;
  /** Members of `RequestInit` that only this platform knows. */
  settings?: object;
}

/** The transport on a `fetch`: browsers, workers, Deno, Bun. */
export function createFetchTransport({ fetch: given, settings }: FetchTransportOptions = {}): Transport {
  // Looked up for each call: a program may replace it, and so do tools that watch requests.
  return async (request, signal) => {
    try {
      return await fetchAnswer(given ?? fetch, request, {
        // One that was given may be of another version of undici, whose dispatchers differ.
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
