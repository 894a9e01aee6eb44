import type { Transport } from '../platform.ts';

/** What fetches; the platform's own `fetch` is one. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** The transport on a `fetch`, by default that of the platform: browsers, workers, Deno, Bun. */
export const fetchTransport =
  (given: Fetch | undefined): Transport =>
  async (request, signal) => {
    // Looked up for each call: a program may replace it, and so do tools that watch requests.
    const response = await (given ?? fetch)(request.url, {
      method: request.method,
      headers: { ...request.headers },
      redirect: 'manual',
      signal,
      ...(request.body !== undefined && { body: bodyOf(request.body), duplex: 'half' }),
    } as RequestInit);
    return {
      // A browser hides a redirect behind an answer without a status.
      status: response.type === 'opaqueredirect' ? 302 : response.status,
      headers: Object.fromEntries(response.headers),
      body: readBody(response.body),
    };
  };

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

/** Not every browser can iterate a stream. */
async function* readBody(stream: ReadableStream<Uint8Array> | null): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = stream?.getReader();
  if (!reader) return;
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value;
  } finally {
    await reader.cancel().catch(() => {});
  }
}
