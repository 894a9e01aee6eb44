import { expect, test } from 'vitest';
import { createFetchTransport } from './transport.ts';

test('an upload that the platform cancels releases its source', async () => {
  let isLeft = false;
  async function* body() {
    try {
      for (;;) yield new Uint8Array(10);
    } finally {
      isLeft = true;
    }
  }
  // Platforms do this with the body of a request that is aborted, or whose connection breaks.
  const transport = createFetchTransport({
    fetch: async (_, { body }) => {
      const reader = (body as ReadableStream<Uint8Array>).getReader();
      expect(await reader.read()).toEqual({ done: false, value: new Uint8Array(10) });
      await reader.cancel();
      throw new TypeError('fetch failed');
    },
  });
  const request = { method: 'POST', url: 'http://127.0.0.1/', headers: {}, body: body(), connectMs: 0 } as const;
  await expect(transport(request, new AbortController().signal)).rejects.toThrow('fetch failed');
  expect(isLeft).toBe(true);
});
