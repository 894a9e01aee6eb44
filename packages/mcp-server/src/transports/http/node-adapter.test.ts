import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { expect, test } from 'vitest';
import { writeWebResponse } from './node-adapter.ts';

async function serve(body: ReadableStream) {
  const server = createServer((_, outgoing) => void writeWebResponse(new Response(body), outgoing).catch(() => {}));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
  return {
    socket,
    async [Symbol.asyncDispose]() {
      socket.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

test('the headers do not wait for data that takes long', async () => {
  await using served = await serve(new ReadableStream());
  const [first] = await once(served.socket, 'data');
  expect(String(first)).toMatch(/^HTTP\/1\.1 200 OK\r\n(.+\r\n)+\r\n$/);
});

test('headers, data and the end take one packet if they are there at once', async () => {
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode('data: 1\n\n'));
      controller.close();
    },
  });
  await using served = await serve(body);
  const [first] = await once(served.socket, 'data');
  expect(String(first)).toMatch(/^HTTP\/1\.1 200 OK\r\n(.+\r\n)+\r\n9\r\ndata: 1\n\n\r\n0\r\n\r\n$/);
});
