import { fileURLToPath } from 'node:url';
import { type BundleBytes, bundleBytes } from '../../test/fixtures/bundle-bytes.ts';
import type { Line } from '../row.ts';

const here = fileURLToPath(new URL('..', import.meta.url));
const request = "{ model: 'm', messages: [] }";
const kB = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`;

/** Programs for a browser or a server, with the maximum size of their bundles in bytes. */
const programs = [
  {
    what: 'a browser bundle that only chats, by functions',
    code: `import { chat, connect } from '@ollama-toolbelt/core/functions'; console.log(await chat(connect(), ${request}));`,
    most: 16_000,
  },
  {
    what: 'the same, streaming',
    code: `import { chatStream, connect } from '@ollama-toolbelt/core/functions'; for await (const chunk of chatStream(connect(), ${request})) console.log(chunk);`,
  },
  {
    what: 'the same, with the client on fetch',
    code: `import { createOllama } from '@ollama-toolbelt/core/fetch'; console.log(await createOllama().chat(${request}));`,
  },
  { what: 'the neutral entry, all of it', code: "export * from '@ollama-toolbelt/core/neutral';" },
  { what: 'the fetch entry, all of it', code: "export * from '@ollama-toolbelt/core/fetch';" },
  { what: 'the node entry, without undici', code: "export * from '@ollama-toolbelt/core/node';", platform: 'node' },
];

const shown = ({ first, later }: BundleBytes) =>
  `${kB(first.minified)}, gzip ${kB(first.gzip)}${later.minified > 0 ? `; with the first failure ${kB(later.minified)}` : ''}`;

export async function measureSizes(peers: string): Promise<Line[]> {
  const js = await bundleBytes("export * from 'ollama/browser';", peers);
  const lines: Line[] = [];
  for (const { what, code, most, platform = 'browser' } of programs) {
    const size = await bundleBytes(code, here, platform);
    lines.push({
      what: `Size: ${what}`,
      against: 'ollama-js, all of its browser entry',
      reach: most === undefined ? '' : `≤ ${most / 1000} kB`,
      measured: kB(size.first.minified),
      isReached: most === undefined ? undefined : size.first.minified <= most,
      ours: shown(size),
      theirs: shown(js),
    });
  }
  return lines;
}
