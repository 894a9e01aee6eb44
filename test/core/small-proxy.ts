import { once } from 'node:events';
import { createServer, request as forward } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

/** A proxy as companies run them: forwards http requests, opens tunnels for https. */
export interface SmallProxy extends AsyncDisposable {
  url: string;
  /** The lines it got, with what is said of the user. */
  seen: { line: string; authorization: string | undefined; proxyAuthorization: string | undefined }[];
  openSockets(): number;
}

/** `route` gives where a host and port really are; it is by default what was asked for. */
export async function startProxy(route?: { host: string; port: number }): Promise<SmallProxy> {
  const seen: SmallProxy['seen'] = [];
  const sockets = new Set<Socket>();
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
  };
  const server = createServer((request, response) => {
    const { method, url = '', headers } = request;
    seen.push({
      line: `${method} ${url}`,
      authorization: headers.authorization,
      proxyAuthorization: headers['proxy-authorization'],
    });
    const target = URL.canParse(url) ? new URL(url) : undefined;
    if (target === undefined) {
      response.writeHead(400).end('a proxy takes whole addresses');
      return;
    }
    const { 'proxy-authorization': _, ...rest } = headers;
    const { host, port } = route ?? { host: target.hostname, port: Number(target.port || 80) };
    const out = forward({ host, port, method, path: target.pathname, headers: rest }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    out.on('error', () => response.destroy());
    response.on('close', () => out.destroy());
    request.pipe(out);
  });
  server.on('connection', keep);
  server.on('connect', (request, socket: Socket, head: Buffer) => {
    const { url = '', headers } = request;
    seen.push({
      line: `CONNECT ${url}`,
      authorization: headers.authorization,
      proxyAuthorization: headers['proxy-authorization'],
    });
    const [host = '', port] = url.split(':');
    const out = connect(route ?? { host, port: Number(port) }, () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      out.write(head);
      out.pipe(socket).pipe(out);
    });
    keep(out);
    out.on('close', () => socket.destroy());
    socket.on('close', () => out.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    openSockets: () => sockets.size,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
