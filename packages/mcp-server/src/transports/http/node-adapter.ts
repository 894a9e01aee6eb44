import type { IncomingMessage, ServerResponse } from 'node:http';

/**
 * A request of Node's as the web has it.
 *
 * @throws TypeError for a method or target that the web does not know.
 */
export function toWebRequest(incoming: IncomingMessage): Request {
  const headers = new Headers();
  for (const [name, values = []] of Object.entries(incoming.headersDistinct)) {
    for (const value of values) headers.append(name, value);
  }
  const method = incoming.method ?? 'GET';
  const hasBody = method !== 'GET' && method !== 'HEAD';
  // Host is left to the guard, which reads the header: an invalid one must not fail here.
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
      // A client reads no answer before it has sent everything.
      incoming.resume();
    },
  });
}

/** Writes a response of the web's to Node's. A client that leaves cancels its body at once. */
export async function writeWebResponse(response: Response, outgoing: ServerResponse): Promise<void> {
  // Whether the connection stays is between Node and the client.
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
  outgoing.flushHeaders();
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    if (!outgoing.write(read.value)) await drained(outgoing);
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
