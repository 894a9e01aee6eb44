import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Packument {
  name: string;
  'dist-tags': Record<string, string>;
  versions: Record<string, { dist: { integrity: string } }>;
}

export interface Registry extends AsyncDisposable {
  url: string;
  packages: Map<string, Packument>;
  /** Names in the order of publishing. */
  published: string[];
  /** A package whose upload is rejected. */
  refused: string | undefined;
}

/** The part of an npm registry that `npm view` and `npm publish` use, on loopback. */
export async function startRegistry(): Promise<Registry> {
  const packages = new Map<string, Packument>();
  const server = createServer(async (request, response) => {
    const name = decodeURIComponent((request.url ?? '').slice(1).split('?')[0] ?? '');
    const answer = (status: number, body: object) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    const known = packages.get(name);
    if (request.method !== 'PUT') return known ? answer(200, known) : answer(404, { error: 'Not found' });
    const body = JSON.parse(Buffer.concat(await request.toArray()).toString()) as Packument;
    if (registry.refused === name) return answer(403, { error: 'Not today' });
    packages.set(name, {
      ...body,
      'dist-tags': { ...known?.['dist-tags'], ...body['dist-tags'] },
      versions: { ...known?.versions, ...body.versions },
    });
    registry.published.push(name);
    return answer(201, {});
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const registry: Registry = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    packages,
    published: [],
    refused: undefined,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return registry;
}
