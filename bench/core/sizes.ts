import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Line } from '../row.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

interface Esbuild {
  build(options: object): Promise<{ outputFiles: { contents: Uint8Array }[] }>;
}

/** Programs whose bundle a browser or a server has to load, and the most that theirs may be in bytes. */
const programs = [
  {
    what: 'a browser bundle that only chats',
    code: "import { createOllama } from '@ollama-toolbelt/core/fetch'; const ollama = createOllama(); console.log(await ollama.chat({ model: 'm', messages: [] }));",
    most: 16_000,
  },
  { what: 'the neutral entry, all of it', code: "export * from '@ollama-toolbelt/core/neutral';" },
  { what: 'the fetch entry, all of it', code: "export * from '@ollama-toolbelt/core/fetch';" },
  { what: 'the node entry, without undici', code: "export * from '@ollama-toolbelt/core/node';", platform: 'node' },
];

async function sizeOf(code: string, resolveDir: string, platform: string): Promise<{ minified: number; gzip: number }> {
  // esbuild comes with tsup.
  const esbuild: Esbuild = createRequire(realpathSync(join(root, 'node_modules/tsup/package.json')))('esbuild');
  const { outputFiles } = await esbuild.build({
    stdin: { contents: code, resolveDir },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform,
    external: ['undici', 'socks', 'zod', 'node:*'],
    logLevel: 'error',
  });
  const contents = outputFiles[0]?.contents ?? new Uint8Array();
  return { minified: contents.length, gzip: gzipSync(contents).length };
}

export async function measureSizes(peers: string): Promise<Line[]> {
  const shown = ({ minified, gzip }: { minified: number; gzip: number }) =>
    `${(minified / 1000).toFixed(1)} kB, gzip ${(gzip / 1000).toFixed(1)} kB`;
  const js = await sizeOf("export * from 'ollama/browser';", peers, 'browser');
  const lines: Line[] = [];
  for (const { what, code, most, platform = 'browser' } of programs) {
    const size = await sizeOf(code, join(root, 'bench'), platform);
    lines.push({
      what: `Size: ${what}`,
      against: 'ollama-js, all of its browser entry',
      reach: most === undefined ? '' : `≤ ${most / 1000} kB`,
      measured: `${(size.minified / 1000).toFixed(1)} kB`,
      isReached: most === undefined ? undefined : size.minified <= most,
      ours: shown(size),
      theirs: shown(js),
    });
  }
  return lines;
}
