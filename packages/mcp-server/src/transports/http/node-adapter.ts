import type { IncomingMessage, ServerResponse } from 'node:http';

/** How long headers wait for the first data. Together they take one packet instead of two. */
const HEADERS_MS = 20;

/**
 * Converts a Node request to a web `Request`.
 *
 * @throws TypeError for a method or target that `Request` does not accept.
 */
export function toWebRequest(incoming: IncomingMessage): Request {
  const headers = new Headers();
  for (const [name, values = []] of Object.entries(incoming.headersDistinct)) {
    for (const value of values) headers.append(name, value);
  }
  const method = incoming.method ?? 'GET';
  const hasBody = method !== 'GET' && method !== 'HEAD';
  // The guard checks the Host header. An invalid one must not fail here.
  return new Request(new URL(incoming.url ?? '/', 'http://localhost'), {
    method,
    headers,
    ...(hasBody && { body: bodyOf(incoming), duplex: 'half' }),
  } as RequestInit);
}

function bodyOf(incoming: IncomingMessage): ReadableStream<Uint8Array> {
  const chunks: AsyncIterator<Uint8Array> = incoming.iterator({ destroyOnReturn: false });
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await chunks.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      await chunks.return?.();
      // A client does not read the response before it has sent its whole body.
      incoming.resume();
    },
  });
}

/** Writes a web `Response` to a Node response. If the client disconnects, the body is cancelled at once. */
export async function writeWebResponse(response: Response, outgoing: ServerResponse): Promise<void> {
  // Node decides whether to keep the connection open.
  response.headers.delete('connection');
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  const reader = response.body?.getReader();
  if (!reader) {
    outgoing.end();
    return;
  }
  const leave = () => void reader.cancel().catch(() => {});
  outgoing.once('close', leave);
  if (outgoing.destroyed) leave();
  const flushing = setTimeout(() => outgoing.flushHeaders(), HEADERS_MS);
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      if (!outgoing.write(read.value)) await drained(outgoing);
    }
  } finally {
    clearTimeout(flushing);
  }
  outgoing.end();
}

const drained = (outgoing: ServerResponse) =>
  new Promise<void>((resolve) => {
    if (outgoing.destroyed) return resolve();
    const go = () => {
      outgoing.off('drain', go);
      outgoing.off('close', go);
      resolve();
    };
    outgoing.once('drain', go);
    outgoing.once('close', go);
  });
