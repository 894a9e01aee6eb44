import { getEventListeners, once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { createNodeTransport } from './transport.ts';

test.each([
  ['is read to its end', '/whole', undefined],
  ['breaks', '/broken', /terminated|closed|reset/i],
])('no listener stays on the signal of a request whose answer %s', async (_, path, failure) => {
  let finish = () => {};
  const begun = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const server = createServer(async (request, response) => {
    response.write('some');
    await begun;
    if (request.url === '/whole') response.end();
    else response.destroy();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { transport, close } = createNodeTransport({});
  try {
    const { signal } = new AbortController();
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;
    const response = await transport({ method: 'GET', url, headers: {}, connectMs: 10_000 }, signal);
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    finish();
    const read = async () => {
      for await (const _ of response.body);
    };
    if (failure === undefined) await read();
    else await expect(read()).rejects.toThrow(failure);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  } finally {
    await close();
    server.close();
  }
});
