import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { copyFile, cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import { promisify } from 'node:util';
import { packedPackage } from '../../fixtures/packed-package.ts';

const run = promisify(execFile);

/** An npm registry on loopback with one package: the built server, which also records its messages. */
export interface NpmRegistry extends AsyncDisposable {
  url: string;
}

export async function startNpmRegistry(): Promise<NpmRegistry> {
  await using packed = await packedPackage('mcp-server');
  const { manifest, tarball } = await withRecorder(packed.root, packed.directory);
  const server = createServer((request, response) => {
    const wanted = decodeURIComponent(request.url ?? '').slice(1);
    if (wanted === 'mcp-server.tgz') return void response.end(tarball);
    if (wanted !== manifest.name) return void response.writeHead(404).end('{"error":"Not found"}');
    const dist = {
      tarball: `http://${request.headers.host}/mcp-server.tgz`,
      integrity: `sha512-${createHash('sha512').update(tarball).digest('base64')}`,
    };
    response.setHeader('content-type', 'application/json').end(
      JSON.stringify({
        name: manifest.name,
        'dist-tags': { latest: manifest.version },
        versions: { [manifest.version]: { ...manifest, dist } },
      }),
    );
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return {
    url: `http://127.0.0.1:${address.port}/`,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function withRecorder(root: string, directory: string) {
  const folder = path.join(root, 'package');
  await mkdir(folder);
  await cp(directory, folder, { recursive: true });
  await copyFile(path.join(import.meta.dirname, 'record.mjs'), path.join(folder, 'record.mjs'));
  const file = path.join(folder, 'package.json');
  const manifest = JSON.parse(await readFile(file, 'utf8')) as { name: string; version: string; bin: object };
  manifest.bin = { 'ollama-toolbelt-mcp': 'record.mjs' };
  await writeFile(file, JSON.stringify(manifest));
  const archive = path.join(root, 'recording.tgz');
  await run('tar', ['-czf', archive, '-C', root, 'package']);
  return { manifest, tarball: await readFile(archive) };
}
