import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream';

/** One address in front of several servers, which it asks in turn. Ends with the scope. */
export interface Balancer extends AsyncDisposable {
  url: string;
}

/** As simple as it gets: each request goes to the next server, and ends there when the client leaves. */
export async function startBalancer(servers: readonly string[]): Promise<Balancer> {
  let turn = 0;
  const server = createServer((incoming, outgoing) => {
    const target = new URL(servers[turn++ % servers.length]!);
    const { method, headers } = incoming;
    const onward = request({ host: target.hostname, port: target.port, path: incoming.url, method, headers });
    onward.on('response', (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      outgoing.flushHeaders();
      pipeline(answer, outgoing, () => {});
    });
    onward.on('error', () => outgoing.destroy());
    outgoing.on('close', () => onward.destroy());
    incoming.pipe(onward);
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

const nginx = 'nginx';

export const hasNginx = spawnSync(nginx, ['-v']).error === undefined;

/** The real one, with the settings of the README. */
export async function startNginx(servers: readonly string[]): Promise<Balancer> {
  const directory = await mkdtemp(join(tmpdir(), 'nginx-'));
  const port = await freePort();
  await writeFile(join(directory, 'nginx.conf'), configuration(port, servers, directory));
  const child = spawn(nginx, ['-p', directory, '-c', 'nginx.conf', '-e', 'stderr'], { stdio: 'ignore' });
  const exited = once(child, 'exit');
  const url = `http://127.0.0.1:${port}/mcp`;
  const balancer: Balancer = {
    url,
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await exited;
      await rm(directory, { recursive: true, force: true });
    },
  };
  for (let up = false; !up && child.exitCode === null; ) {
    up = await fetch(new URL('/healthz', url)).then(
      ({ ok }) => ok,
      () => false,
    );
  }
  return balancer;
}

const configuration = (port: number, servers: readonly string[], directory: string) => `
daemon off;
pid ${directory}/nginx.pid;
events {}
http {
  access_log off;
  client_body_temp_path ${directory}/body;
  proxy_temp_path ${directory}/proxy;
  fastcgi_temp_path ${directory}/fastcgi;
  uwsgi_temp_path ${directory}/uwsgi;
  scgi_temp_path ${directory}/scgi;
  upstream mcp {
    ${servers.map((url) => `server ${new URL(url).host};`).join('\n    ')}
    keepalive 16;
  }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://mcp;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $host;
      proxy_buffering off;
      proxy_request_buffering off;
      proxy_read_timeout 3600s;
      client_max_body_size 0;
    }
  }
}
`;

/** Nginx does not say which port it got. */
async function freePort(): Promise<number> {
  const server = createTcpServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
