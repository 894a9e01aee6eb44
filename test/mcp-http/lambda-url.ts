import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';

type Handler = (event: object, stream: PassThrough) => Promise<void>;
interface Head {
  statusCode: number;
  headers: Record<string, string>;
}

/** Lambda's Node runtime as far as a streaming function sees it: the head waits for the first write. */
export const awslambda = {
  streamifyResponse: (handler: Handler) => handler,
  HttpResponseStream: {
    from(stream: PassThrough, head: Head): PassThrough {
      const write = stream.write.bind(stream) as (chunk: unknown) => boolean;
      stream.write = (chunk: unknown) => {
        stream.emit('head', head);
        stream.write = write as typeof stream.write;
        return chunk === '' ? true : write(chunk);
      };
      return stream;
    },
  },
};

/** A function URL in front of the handler. Ends with the scope. */
export async function startFunctionUrl(handler: Handler): Promise<{ url: string } & AsyncDisposable> {
  const server = createServer(async (incoming, outgoing) => {
    const { pathname, search, host } = new URL(incoming.url ?? '/', `http://${incoming.headers.host}`);
    const stream = new PassThrough();
    stream.once('head', ({ statusCode, headers }: Head) => {
      outgoing.writeHead(statusCode, headers);
      outgoing.flushHeaders();
      stream.pipe(outgoing);
    });
    await handler(
      {
        rawPath: pathname,
        rawQueryString: search.slice(1),
        headers: { ...incoming.headers },
        ...(incoming.method === 'POST' && { body: btoa(await text(incoming)) }),
        isBase64Encoded: true,
        requestContext: { domainName: host, http: { method: incoming.method } },
      },
      stream,
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
