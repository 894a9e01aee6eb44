/**
 * The bytes of an answer, as they come. React Native's fetch and that of old browsers give no stream: then the whole text
 * is read at once, so nothing is seen before the end, and nothing is lost.
 */
export async function* readBody(response: Response): AsyncGenerator<Uint8Array, void, undefined> {
  const body: unknown = response.body;
  if (canBeRead(body)) yield* readStream(body);
  // A stream of Node's, as older packages for fetch give it.
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

/** Not every `Headers` can be iterated, but each has this. */
export function headersOf(response: Response): Record<string, string> {
  const headers: Record<string, string> = {};
  response.headers.forEach((value, name) => {
    headers[name.toLowerCase()] = value;
  });
  return headers;
}
