/**
 * The bytes of a response, as they arrive. The fetch of React Native and of old browsers has no streams. There the
 * complete text is read at once, so nothing is visible before the end, but nothing is lost.
 */
export async function* readBody(response: Response): AsyncGenerator<Uint8Array, void, undefined> {
  const body: unknown = response.body;
  if (canBeRead(body)) yield* readStream(body);
  // A Node stream, as older fetch packages return it.
  else if (canBeIterated(body)) yield* body;
  else if (typeof response.text === 'function') {
    const text = await response.text();
    if (text !== '') yield new TextEncoder().encode(text);
  }
}

const canBeRead = (body: unknown): body is ReadableStream<Uint8Array> =>
  typeof (body as ReadableStream | null | undefined)?.getReader === 'function';

const canBeIterated = (body: unknown): body is AsyncIterable<Uint8Array> =>
  typeof (body as AsyncIterable<Uint8Array> | null | undefined)?.[Symbol.asyncIterator] === 'function';

/** Not every browser can iterate a stream. */
async function* readStream(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = stream.getReader();
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value;
  } finally {
    await reader.cancel().catch(() => {});
  }
}

/** Not every `Headers` can be iterated, but all have this method. */
export function headersOf(response: Response): Record<string, string> {
  const headers: Record<string, string> = {};
  response.headers.forEach((value, name) => {
    headers[name.toLowerCase()] = value;
  });
  return headers;
}
